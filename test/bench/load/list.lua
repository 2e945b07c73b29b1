-- Requests of a list, made beforehand: `list.lua URL -- FILE once|again`. In the file each stands after its length.
local ffi = require("ffi")
ffi.cdef [[ typedef struct { long sec; long nsec; } moment; int clock_gettime(int clock, moment *now); ]]
local threads = {}
local moment = ffi.new("moment")

local function now()
  ffi.C.clock_gettime(1, moment)
  return tonumber(moment.sec) + tonumber(moment.nsec) / 1e9
end

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  local file = assert(io.open(args[1], "rb"))
  requests, position, lasted, once = {}, 0, 0, args[2] == "once"
  while true do
    local size = file:read("*l")
    if not size then break end
    requests[#requests + 1] = file:read(tonumber(size))
  end
  file:close()
end

function request()
  -- The first call is wrk's own look at what will be sent.
  if position == 1 then began = now() end
  position = position + 1
  if position > #requests then
    if once then
      if lasted == 0 then lasted = now() - began end
      wrk.thread:stop()
    end
    position = 1
  end
  return requests[position]
end

function done(summary, latency)
  local lasted = threads[1]:get("lasted")
  local errors = summary.errors
  io.write(string.format('BENCH {"requests":%d,"seconds":%f,"failures":%d,"p50Ms":%f,"p99Ms":%f}\n',
    summary.requests, lasted > 0 and lasted or summary.duration / 1e6,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
