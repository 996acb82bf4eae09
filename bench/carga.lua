-- What wrk sends: the document of a file, each time with the next number in place of @N@.
-- wrk -t1 -H … -s carga.lua URL -- FILE FIRST ; prints one line of JSON. Latencies are microseconds.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  local file = assert(io.open(args[1]))
  template = file:read("*a")
  file:close()
  number = tonumber(args[2])
  wrk.method = "POST"
end

function request()
  number = number + 1
  local body = template:gsub("@N@", string.format("%07d", number))
  return wrk.format(nil, nil, nil, body)
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "us": %d, "p50": %d, "p99": %d, "failed": %d, "last": %d}\n',
    summary.requests, summary.duration,
    latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout,
    threads[1]:get("number")))
end
