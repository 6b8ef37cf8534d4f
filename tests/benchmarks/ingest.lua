-- For wrk: sends the whole requests of a file, each behind its length in four bytes, one after the other.

local requests, place = {}, 0

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  local packed = file:read("*a")
  file:close()
  local at = 1
  while at < #packed do
    local a, b, c, d = packed:byte(at, at + 3)
    local length = ((a * 256 + b) * 256 + c) * 256 + d
    requests[#requests + 1] = packed:sub(at + 4, at + 3 + length)
    at = at + 4 + length
  end
end

function request()
  place = place % #requests + 1
  return requests[place]
end

function done(summary, latency)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('{"requests": %d, "seconds": %f, "p99": %f, "failed": %d}\n',
    summary.requests, summary.duration / 1e6, latency:percentile(99) / 1e6, failed))
end
