-- What wrk sends: reads of the addresses in a file, chosen by chance, and in between posts.
-- Arguments: file of addresses (behind a tab an ETag that the reader has), posts in a hundred
-- requests, file of posts (an Idempotency-Key, a tab, the content), their address, file for receipts.

local function lines(path)
  local found = {}
  for line in io.lines(path) do found[#found + 1] = line end
  return found
end

local function read(line)
  local path, etag = line:match("^([^\t]*)\t?(.*)$")
  local headers = {}
  for name, value in pairs(wrk.headers) do headers[name] = value end
  if etag ~= "" then headers["If-None-Match"] = etag end
  return wrk.format("GET", path, headers)
end

local function post(line, path)
  local key, content = line:match("^([^\t]*)\t(.*)$")
  return wrk.format("POST", path, {
    ["Host"] = wrk.headers["Host"], ["Content-Type"] = "application/json", ["Idempotency-Key"] = key,
  }, content)
end

function init(args)
  local reads, share = {}, tonumber(args[2])
  for number, line in ipairs(lines(args[1])) do reads[number] = read(line) end
  math.randomseed(1)
  if share == 0 then
    request = function() return reads[math.random(#reads)] end
    return
  end
  local drafts, sent, receipts = lines(args[3]), 0, io.open(args[5], "w")
  receipts:setvbuf("line")
  request = function()
    if math.random() * 100 >= share then return reads[math.random(#reads)] end
    sent = sent + 1
    if sent > #drafts then error("There are too few posts.") end
    return post(drafts[sent], args[4])
  end
  response = function(status, _, content)
    if status == 201 or status == 202 then receipts:write(content:gsub("\n", ""), "\n") end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\nRESULT {"requests": %d, "microseconds": %d, "bytes": %d, "p50": %f, "p99": %f, "longest": %f, "refused": %d, "broken": %d}\n',
    summary.requests, summary.duration, summary.bytes,
    latency:percentile(50), latency:percentile(99), latency.max, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout))
end
