-- One request again and again; arguments after the URL: name and value of a header, and so on.
function init(args)
  for index = 1, #args, 2 do wrk.headers[args[index]] = args[index + 1] end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('BENCH {"requests":%d,"seconds":%f,"failures":%d,"p50Ms":%f,"p99Ms":%f}\n',
    summary.requests, summary.duration / 1e6, errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
