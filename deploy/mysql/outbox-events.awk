# Reads what mysqlbinlog --verbose prints and writes SQL that puts every event back that was ever put into an outbox. One
# that is there already, since it waits or was sent a short while before, waits to be sent again.
BEGIN { print "SET SESSION sql_log_bin = 0;" }

/^### INSERT INTO `shop_[a-z]+`\.`outbox`$/ { flush_row(); table = $4; next }
table != "" && /^###   @[0-9]+=/ {
  column = substr($2, 2, index($2, "=") - 2) + 0
  value[column] = substr($0, index($0, "=") + 1)
  next
}
/^### SET$/ && table != "" { next }
{ flush_row() }
END { flush_row() }

# Columns 1 and 2 are the event's id and itself.
function flush_row() {
  if (table == "") return
  printf "INSERT INTO %s (id, envelope, status, attempts, due_at) VALUES (%s, %s, 'waiting', 0, 0) ON DUPLICATE KEY UPDATE status = 'waiting', attempts = 0, due_at = 0;\n", table, quoted(value[1]), quoted(value[2])
  table = ""
  delete value
}

# An event is JSON, so there are no line breaks in it. Of what else SQL would take for something, MySQL prints \x27 and \x5c
# for ' and \, MariaDB prints all as it is.
function quoted(text, parts, count, i) {
  text = substr(text, 2, length(text) - 2)
  if (mariadb) gsub(/[\\']/, "\\\\&", text)
  else {
    gsub(/\\x27/, "''", text)
    count = split(text, parts, /\\x5c/)
    text = parts[1]
    for (i = 2; i <= count; i++) text = text "\\\\" parts[i]
  }
  return "'" text "'"
}
