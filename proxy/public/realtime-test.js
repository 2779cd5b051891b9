/* global document, location, navigator, fetch, crypto, btoa, performance, TextEncoder, WebSocket, RTCPeerConnection, FormData */

import { hideSecrets } from '/hide-secrets.js';
import { showLevel } from '/level.js';

const form = document.querySelector('#form');
const log = document.querySelector('#log');
const consentList = document.querySelector('#consents');

/** The attempt that runs, or null. */
let attempt = null;
/** Consents that were shown, from the last look. */
let shown = [];
const deviceKey = randomText(32);
/** Whole events stand in the log, with what was said. */
let holdsWords = false;

form.elements.server.value = `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`;
form.addEventListener('submit', (event) => {
  event.preventDefault();
  void connect();
});
document.querySelector('#look').addEventListener('click', () => void look());
document.querySelector('#disconnect').addEventListener('click', () => disconnect('by hand'));
document.querySelector('#clear').addEventListener('click', () => {
  log.replaceChildren();
  holdsWords = false;
});
document.querySelector('#copy').addEventListener('click', () => void copy());

/** Writes a line, marked where it tells of a failure. */
function note(text, bad = false) {
  const following = log.scrollHeight - log.scrollTop - log.clientHeight < 40;
  const line = document.createElement('span');
  line.textContent = `${new Date().toISOString().slice(11, 23)} ${hideSecrets(text)}\n`;
  if (bad) line.className = 'bad';
  log.append(line);
  if (following) log.scrollTop = log.scrollHeight;
}

/** An event of the interviewer: its type, or all of it where that is wished for or something is wrong. */
function noteEvent(data) {
  const { type } = JSON.parse(data);
  const whole = document.querySelector('#whole').checked || type === 'error';
  if (whole) {
    holdsWords = true;
    note(`* ${data}`, type === 'error');
  } else if (!type.endsWith('.delta')) note(`* ${type}`);
}

/** For a ticket: what was tried where, and the log. */
async function copy() {
  const head = `${location.href}\n${navigator.userAgent}\n${new Date().toISOString()}\n`;
  const said = document.querySelector('#copied');
  try {
    // The address may hold an invitation.
    await navigator.clipboard.writeText(hideSecrets(`${head}${log.textContent}`));
    said.textContent = holdsWords
      ? 'Copied. It holds no token and no password of the call, but whole events: words of the interview.'
      : 'Copied. It holds no token and no password of the call.';
  } catch {
    globalThis.getSelection().selectAllChildren(log);
    said.textContent = 'This browser lets no page copy: the log is selected, press Ctrl C.';
  }
}

function show(id, text) {
  document.querySelector(`#${id}`).textContent = text;
  note(`${id}: ${text}`);
}

function randomText(bytes) {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return btoa(String.fromCharCode(...random))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '');
}

async function sha256(text) {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** Calls interview-start; throws what it refuses with. */
async function callStart(body) {
  const { start, invitation } = Object.fromEntries(new FormData(form));
  const response = await fetch(start, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ invitation, device_key: deviceKey, ...body }),
  });
  const reply = await response.json();
  if (!response.ok) {
    throw new Error(`${reply.error?.code ?? response.status}: ${reply.error?.message ?? ''}`);
  }
  return reply;
}

/** Shows what the invitation is for, and the consents that must be given. */
async function look() {
  try {
    const reply = await callStart({ step: 'look' });
    note(`look: ${reply.interview.title}, ${reply.tenant.name}`);
    shown = reply.consents;
    consentList.replaceChildren(
      ...shown.map((consent, index) => {
        const label = document.createElement('label');
        label.className = 'row';
        const box = document.createElement('input');
        box.type = 'checkbox';
        box.name = `consent-${index}`;
        box.required = consent.required;
        const words = document.createElement('span');
        words.textContent = consent.text;
        label.append(box, words);
        return label;
      }),
    );
  } catch (error) {
    note(`look failed: ${error.message}`, true);
  }
}

/** The token of the field, or a new session's from the invitation. */
async function findToken() {
  const given = form.elements.token.value.trim();
  if (given !== '') return given;
  const consents = await Promise.all(
    shown.map(async (consent, index) => ({
      purpose: consent.purpose,
      version: consent.version,
      text_hash: await sha256(consent.text),
      locale: 'en',
      granted: form.elements[`consent-${index}`].checked,
    })),
  );
  const reply = await callStart({ step: 'start', consents, mode: 'voice' });
  note(`start: session ${reply.session.id}, ${reply.session.status}`);
  return reply.token;
}

async function connect() {
  disconnect('a new attempt');
  const mine = {
    socket: null,
    peer: null,
    microphone: null,
    callId: null,
    session: null,
    offeredAt: 0,
    stops: [],
  };
  attempt = mine;
  document.querySelector('#disconnect').disabled = false;
  try {
    mine.microphone = await navigator.mediaDevices.getUserMedia({ audio: true });
    if (attempt !== mine) return release(mine);
    const [track] = mine.microphone.getAudioTracks();
    show('microphone', track.label || 'open');
    mine.stops.push(showLevel(mine.microphone, document.querySelector('#mine')));
    const token = await findToken();
    if (attempt !== mine) return;
    const address = new URL(form.elements.server.value);
    if (form.elements.simulation.checked) address.searchParams.set('simulation', 'true');
    show('socket', 'connecting');
    mine.socket = new WebSocket(address, ['interview.v1', `bearer.${token}`]);
    mine.socket.addEventListener('open', () => show('socket', 'open'));
    mine.socket.addEventListener('close', ({ code, reason }) => {
      if (attempt !== mine && attempt !== null) return;
      show('socket', `closed (${[code, reason].join(' ').trim()})`);
      if (attempt === mine) disconnect('the socket closed');
    });
    mine.socket.addEventListener('error', () => {
      note(
        'socket: failed. A refusal before the upgrade has no text here: an expired token, or an origin that is not on the list. The server’s log says which.',
        true,
      );
    });
    mine.socket.addEventListener('message', ({ data }) => {
      void receive(mine, JSON.parse(data));
    });
  } catch (error) {
    note(`failed: ${error.name}: ${error.message}`, true);
    if (attempt === mine) disconnect('a failure');
  }
}

function send(mine, message) {
  note(`> ${message.type}`);
  mine.socket.send(JSON.stringify(message));
}

async function receive(mine, message) {
  note(`< ${JSON.stringify(message)}`, message.type === 'error');
  if (message.type === 'ready') {
    show('session', `${message.session.status}, ${message.session.phase}`);
    await offer(mine);
  } else if (message.type === 'answer') {
    show('answered', `${Math.round(performance.now() - mine.offeredAt)} ms`);
    mine.callId = message.call_id;
    mine.session = message.session ?? null;
    document.querySelector('#answer').textContent = hideSecrets(message.sdp);
    await mine.peer.setRemoteDescription({ type: 'answer', sdp: message.sdp });
  } else if (message.type === 'progress') {
    show('progress', message.of ? `${message.question} of ${message.of}` : message.phase);
  } else if (message.type === 'end') {
    show('session', `ended: ${message.reason}`);
  }
}

/** One offer: microphone, and the channel that must exist before it. */
async function offer(mine) {
  const peer = new RTCPeerConnection();
  mine.peer = peer;
  for (const track of mine.microphone.getAudioTracks()) peer.addTrack(track, mine.microphone);
  peer.addEventListener('track', ({ streams }) => {
    document.querySelector('#voice').srcObject = streams[0];
    if (attempt === mine) mine.stops.push(showLevel(streams[0], document.querySelector('#theirs')));
  });
  peer.addEventListener('connectionstatechange', () => show('media', peer.connectionState));
  const channel = peer.createDataChannel('oai-events');
  channel.addEventListener('open', () => {
    show('channel', 'open');
    // Where the server can not set the session, the page does, before anything else.
    if (mine.session) {
      channel.send(JSON.stringify({ type: 'session.update', session: mine.session }));
    }
    show('connected', `${Math.round(performance.now() - mine.offeredAt)} ms`);
    send(mine, { type: 'connected', id: randomText(9), call_id: mine.callId });
  });
  channel.addEventListener('close', () => show('channel', 'closed'));
  channel.addEventListener('message', ({ data }) => noteEvent(data));
  await peer.setLocalDescription();
  document.querySelector('#offer').textContent = hideSecrets(peer.localDescription.sdp);
  mine.offeredAt = performance.now();
  send(mine, {
    type: 'offer',
    id: randomText(9),
    writer_id: `b_${randomText(16)}`,
    sdp: peer.localDescription.sdp,
    reason: 'start',
  });
}

function disconnect(why) {
  if (!attempt) return;
  note(`disconnect: ${why}`);
  const ended = attempt;
  attempt = null;
  release(ended);
  if (ended.microphone) show('microphone', 'closed');
  if (ended.peer) {
    show('media', 'closed');
    show('channel', 'closed');
  }
  document.querySelector('#disconnect').disabled = true;
}

function release({ peer, socket, microphone, stops }) {
  for (const stop of stops.splice(0)) stop();
  peer?.close();
  socket?.close();
  for (const track of microphone?.getTracks() ?? []) track.stop();
}
