// A recount by a stranger, written from the text of journal/doc.go alone.
//
//   node recount.mjs LOG.jsonl CHECKPOINT PUBLIC-KEY-FILE [BODIES.jsonl]
//
// LOG.jsonl holds the entries of one log, a line each, byte for byte; CHECKPOINT
// the signed note; the key file one verifier key a line, of any log and epoch of
// the room; BODIES.jsonl one {"seq":N,"salt":HEX,"body":HEX} a line. It prints what
// it found as JSON and exits 1 if anything is wrong, naming the first wrong entry.
import { createHash, createPublicKey, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'

const sha256 = (...parts) => parts.reduce((h, p) => h.update(p), createHash('sha256')).digest()
const leafHash = line => sha256(Buffer.from([0]), line)
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right)

class Wrong extends Error {
  constructor(seq, what) { super(what); this.seq = seq }
}

// root is the definition of RFC 6962, section 2.1, as the text repeats it.
function root(leaves) {
  if (leaves.length === 0) return sha256()
  if (leaves.length === 1) return leaves[0]
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(root(leaves.slice(0, k)), root(leaves.slice(k)))
}

const members = ['v', 'log', 'seq', 'id', 'kind', 'at', 'by', 'seat', 'refs', 'hold', 'data', 'detail']
const hex64 = /^[0-9a-f]{64}$/
const short = s => typeof s === 'string' && Buffer.byteLength(s) <= 200
const rules = {
  v: v => v === 1,
  log: s => /^[a-z0-9-]{1,64}$/.test(s),
  seq: n => Number.isSafeInteger(n) && n >= 0,
  id: s => /^[\x21-\x7e]{1,200}$/.test(s),
  kind: s => /^[A-Za-z]{1,64}$/.test(s),
  at: s => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(s) && new Date(s).toISOString() === s,
  by: short,
  seat: short,
  refs: a => Array.isArray(a) && a.every(r => hex64.test(r)),
  hold: b => typeof b === 'boolean',
  data: o => o !== null && typeof o === 'object' && !Array.isArray(o),
  detail: s => s === '' || hex64.test(s),
}

// rawData cuts the bytes of data out of the line, so that the digits of numbers
// and the order of members, which are the writer's, can be left as they are.
function rawData(text, e) {
  const head = '{' + members.slice(0, 10).map(m => `"${m}":${JSON.stringify(e[m])}`).join(',') + ',"data":'
  const tail = `,"detail":${JSON.stringify(e.detail)}}`
  if (!text.startsWith(head) || !text.endsWith(tail)) return null
  return text.slice(head.length, text.length - tail.length)
}

// plain checks that JSON text has no white space between tokens and its strings
// in the one form there is.
function plain(json) {
  for (let i = 0; i < json.length; i++) {
    if (' \t\r\n'.includes(json[i])) return false
    if (json[i] !== '"') continue
    let end = i + 1
    while (json[end] !== '"') end += json[end] === '\\' ? 2 : 1
    const literal = json.slice(i, end + 1)
    const string = JSON.parse(literal)
    if (JSON.stringify(string) !== literal || !string.isWellFormed()) return false
    i = end
  }
  return true
}

function parse(line, seq) {
  if (line.length > 65535) throw new Wrong(seq, 'the line is 64 KiB or longer')
  const text = line.toString('utf8')
  if (!Buffer.from(text).equals(line)) throw new Wrong(seq, 'it is not UTF-8')
  let e
  try { e = JSON.parse(text) } catch { throw new Wrong(seq, 'it is not JSON') }
  if (Object.keys(e).join() !== members.join()) throw new Wrong(seq, 'its members are not the twelve')
  for (const m of members) if (!rules[m](e[m])) throw new Wrong(seq, `${m} is not as it must be`)
  const data = rawData(text, e)
  if (data === null || !plain(data)) throw new Wrong(seq, 'it is not in its canonical form')
  return e
}

function readLog(path) {
  const bytes = readFileSync(path)
  const entries = [], leaves = [], ids = new Set()
  for (let from = 0, seq = 0; from < bytes.length; seq++) {
    let to = bytes.indexOf(10, from)
    if (to < 0) throw new Wrong(seq, 'its line does not end')
    const line = bytes.subarray(from, to)
    const e = parse(line, seq)
    if (e.seq !== seq) throw new Wrong(seq, `entry ${e.seq} stands in its place`)
    if (seq > 0 && e.log !== entries[0].log) throw new Wrong(seq, 'it is of another log')
    if (ids.has(e.id)) throw new Wrong(seq, 'its id is there already')
    if (seq > 0 && entries[seq - 1].kind === 'RecordSealed') throw new Wrong(seq, 'it follows the seal')
    ids.add(e.id)
    entries.push(e)
    leaves.push(leafHash(line))
    from = to + 1
  }
  return { entries, leaves }
}

// readKeys gives the 32 bytes of each key by PREFIX/ROOM and epoch.
function readKeys(path) {
  const keys = new Map()
  for (const text of readFileSync(path, 'utf8').split('\n').filter(Boolean)) {
    const [, name, hash, base64] = text.match(/^([^+]+)\+([0-9a-f]{8})\+(.+)$/)
    const raw = Buffer.from(base64, 'base64')
    if (raw.length !== 33 || raw[0] !== 1) throw new Wrong(-1, 'a public key is not Ed25519')
    if (keyHash(name, raw).toString('hex') !== hash) throw new Wrong(-1, 'a public key is not the one it says')
    const [prefix, room, , epoch] = name.split('/')
    keys.set(`${prefix}/${room}/${epoch}`, raw)
  }
  return keys
}

const keyHash = (name, raw) => sha256(name, '\n', raw).subarray(0, 4)

function readCheckpoint(path, keys) {
  const text = readFileSync(path, 'utf8')
  const cut = text.indexOf('\n\n')
  const signedText = text.slice(0, cut + 1)
  const [origin, size, rootText, ...rest] = signedText.split('\n')
  if (rest.join() !== '') throw new Wrong(-1, 'the checkpoint has more than three lines')
  const [prefix, room, log, epoch] = origin.split('/')
  const raw = keys.get(`${prefix}/${room}/${epoch}`)
  if (!raw) throw new Wrong(-1, `no public key for ${origin}`)
  const line = text.slice(cut + 2).split('\n').find(l => l.startsWith(`— ${origin} `))
  if (!line) throw new Wrong(-1, 'the checkpoint is not signed by the room')
  const sig = Buffer.from(line.slice(origin.length + 3), 'base64')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.subarray(1).toString('base64url') }, format: 'jwk' })
  if (!sig.subarray(0, 4).equals(keyHash(origin, raw)) || !verify(null, Buffer.from(signedText), key, sig.subarray(4))) {
    throw new Wrong(-1, 'the signature of the checkpoint does not hold')
  }
  return { log, epoch: Number(epoch), size: Number(size), root: rootText }
}

function checkBodies(path, entries) {
  if (!path) return 0
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  for (const { seq, salt, body } of lines.map(l => JSON.parse(l))) {
    const s = Buffer.from(salt, 'hex')
    if (s.length !== 32 || sha256(s, Buffer.from(body, 'hex')).toString('hex') !== entries[seq].detail) {
      throw new Wrong(seq, 'its body is not the one it names')
    }
  }
  return lines.length
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const code = (leaf, letters) =>
  Array.from({ length: letters }, (_, i) => crockford[Number(leaf.readBigUInt64BE() >> BigInt(59 - 5 * i) & 31n)]).join('')

// count takes each member's ballot with the highest n in each vote.
function count(entries) {
  const standing = new Map()
  for (const { kind, data } of entries) {
    if (kind !== 'BallotCast') continue
    const key = `${data.vote}/${data.member}`
    if (!(standing.get(key)?.n >= data.n)) standing.set(key, data)
  }
  const votes = {}
  for (const { vote, choice } of standing.values()) {
    votes[vote] ??= {}
    votes[vote][choice] = (votes[vote][choice] ?? 0) + 1
  }
  return votes
}

function recount([logPath, checkpointPath, keyPath, bodiesPath]) {
  const signed = readCheckpoint(checkpointPath, readKeys(keyPath))
  const { entries, leaves } = readLog(logPath)
  if (entries.length < signed.size) throw new Wrong(entries.length, `it is missing: ${signed.size} entries were signed`)
  if (entries.length > signed.size) throw new Wrong(signed.size, 'it was never signed')
  if (entries.some(e => e.log !== signed.log)) throw new Wrong(0, 'the checkpoint is of another log')
  const computed = root(leaves).toString('base64')
  if (computed !== signed.root) throw new Wrong(-1, 'the entries are not those that were signed')
  return {
    log: signed.log, epoch: signed.epoch, size: entries.length, root: computed,
    bodies: checkBodies(bodiesPath, entries),
    votes: count(entries),
    codes: leaves.map(l => code(l, 4)), results: leaves.map(l => code(l, 6)),
  }
}

try {
  console.log(JSON.stringify(recount(process.argv.slice(2))))
} catch (err) {
  if (!(err instanceof Wrong)) throw err
  console.log(JSON.stringify({ seq: err.seq, wrong: err.message }))
  process.exitCode = 1
}
