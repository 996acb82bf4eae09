-- What wrk sends at a pace: the document of one of the files, each connection after a pause of chance, as people ask.
-- wrk -t1 -c… -H … -s ritmo.lua URL -- MEAN FILE… ; MEAN: the pause between two, in milliseconds; prints a line of JSON.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  mean, good, refused, other, requests = tonumber(args[1]), 0, 0, 0, {}
  wrk.method = "POST"
  for n = 2, #args do
    local file = assert(io.open(args[n]))
    requests[n - 1] = wrk.format(nil, nil, nil, file:read("*a"))
    file:close()
  end
  math.randomseed(1)
end

function request()
  return requests[math.random(#requests)]
end

function delay()
  return math.floor(-math.log(1 - math.random()) * mean)
end

function response(status, headers, body)
  if status == 200 and body:find("<Codigo>0", 1, true) then
    good = good + 1
  elseif body:find("PMC-9003", 1, true) then
    refused = refused + 1
  else
    other = other + 1
  end
end

function done(summary)
  local errors = summary.errors
  io.write(string.format('\n{"good": %d, "refused": %d, "other": %d, "lost": %d}\n',
    threads[1]:get("good"), threads[1]:get("refused"), threads[1]:get("other"),
    errors.connect + errors.read + errors.write + errors.timeout))
end
