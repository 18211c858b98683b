// Every word that people read. To translate the page, translate this file.

const plurals = new Intl.PluralRules('en');
const plural = (n, one, other) => (plurals.select(n) === 'one' ? one : other);

export const strings = {
  locale: 'en-GB',
  weekdays: ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'],
  firstWeekday: 1,
  product: 'RaspberrySpy',

  // Units
  seconds: (n) => `${n}\u00a0s`,
  minutes: (n) => `${n}\u00a0min`,
  hours: (n) => `${n}\u00a0h`,
  days: (n) => `${n} ${plural(n, 'day', 'days')}`,
  percent: (n) => `${n}\u00a0%`,
  times: (n) => `${n}×`,
  list: (names) => new Intl.ListFormat('en', { type: 'conjunction' }).format(names),

  // How things are
  connecting: 'Asking the master…',
  noCamera: 'No camera yet',
  noCameraNow: 'No camera now',
  allRecording: (n, name) =>
    n === 1
      ? `${name} is recording`
      : n === 2
        ? 'Both cameras are recording'
        : `All ${n} cameras are recording`,
  someRecording: (n, all) =>
    n === 0
      ? 'No camera is recording'
      : `${n} of ${all} cameras ${plural(n, 'is', 'are')} recording`,
  silentFor: (names, age, n) => `${names} ${plural(n, 'has', 'have')} been silent for ${age}`,
  silentSince: (names, time, n) => `${names} ${plural(n, 'has', 'have')} been silent since ${time}`,
  cannotRecord: (names) => `${names} cannot record at the moment`,
  masterSilent: 'The master does not answer',
  masterTroubled: 'The master is in trouble',
  masterTroubledSince: (time) => `The master answers, but can show nothing since ${time}.`,
  masterSilentSince: (time) => `The master has not answered since ${time}.`,
  againIn: (s) => `Trying again in ${s} s.`,
  tryingAgain: 'Trying again…',
  tryNow: 'Try now',
  storageUsed: (used, room, limited) =>
    limited ? `${used} of ${room} allowed` : `${used} of ${room}`,
  storageInBucket: (used) => `${used} in the bucket`,
  storageSaved: (saved) => `${saved} saved`,
  storageHint: (segments, saved, free) =>
    `${segments} segments stored, ${saved} of them saved; ${free} free on the disk`,
  storageName: 'Storage: ',
  storageMore: (hint) => `. ${hint}. Show more`,
  theme: { auto: 'Theme: as the system', light: 'Theme: light', dark: 'Theme: dark' },

  // Trouble
  /** A sentence of the master or of a camera, as a sentence begins and ends on paper. */
  sentence: (words) => {
    const text = words.replaceAll("'", '’');
    const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
    return /[.?!]$/.test(whole) ? whole : `${whole}.`;
  },
  since: (time) => `since ${time}`,
  troubleOf: (name, words) => `${name}: ${words}`,
  troubleUnknown: 'The master has a problem',
  moreTroubles: (n) => `Show ${n} more`,
  troubles: {
    'footage-away': {
      title: 'The footage disk is missing',
      todo: 'Plug it in or mount it: all goes on by itself. Until then cameras keep what they film.',
    },
    'bucket-away': {
      title: 'The bucket with the footage cannot be reached',
      todo: 'Start its server, or mend the way to it: all goes on by itself. Until then nothing is verified, and cameras keep what they film.',
    },
    'index-away': {
      title: 'The master’s database cannot be used',
      todo: 'Start it, or mend the way to it: all goes on by itself.',
    },
    clock: {
      title: 'The master’s clock is in doubt',
      todo: 'If that is right, confirm it; if not, set the clock. Until then nothing goes for its age.',
    },
    outside: {
      title: 'This master can be reached from the internet',
      todo: 'If that is not meant, close the port in your router or firewall. A VPN is the safe way in from elsewhere: docs/away.md shows it step by step.',
    },
    damage: {
      title: 'Footage is damaged',
      todo: 'What its camera still has is sent again by itself. A disk that does this may be about to fail.',
    },
    unreadable: {
      title: 'The disk fails to read footage',
      todo: 'Check the disk, and copy what matters to another one.',
    },
    scrub: {
      title: 'Footage is not checked for damage',
      todo: 'It is tried again by itself; the master’s log says more.',
    },
    'unknown-files': {
      title: 'Strange videos in the footage folder',
      todo: 'They are never shown and never deleted. Move them elsewhere.',
    },
  },
  clockSays: (day, time) => `It says ${day}, ${time}.`,
  meantOutside: 'It is meant so',
  confirmClock: 'The clock is right',
  clockConfirmed: 'Confirmed: ages count by this clock from now on.',
  notDone: (why) => `That could not be done: ${why}`,
  showDamaged: 'Show damaged',

  // Live
  live: 'Live',
  pictureOfAge: (age) => `This picture is ${age} old`,
  notLive: (name) => `The picture of ${name} is not of now`,
  liveAgain: (name) => `${name} is live again`,
  held: 'Paused',
  heldFor: (age) => `Paused: this picture is ${age} old`,
  hold: 'Pause',
  goOn: 'Go on with what is filmed now',
  watch: (name) => `Watch ${name}`,
  delay: (seconds) => `${seconds} s behind`,
  noDelay: 'less than 0.1 s behind',
  delayHint: 'How long ago the picture on show was filmed, by the clocks of camera and master',
  allCameras: 'All cameras',
  cameraBefore: 'Previous camera',
  cameraAfter: 'Next camera',
  playLatest: 'Play the latest footage',
  pictureOfNow: 'Picture of now',
  pictureOf: (name, time) => `${name}, ${time}`,
  keepPicture: 'Keep as a file',
  anotherPicture: 'Another one',

  // Control
  cameraSettings: 'Camera',
  settingsOf: (name) => `Settings of ${name}`,
  nameOfCamera: 'Name',
  rename: 'Rename',
  renamed: (name) => `It is called ${name} now`,
  commands: {
    start: { label: 'Record', hint: 'Record again', now: 'Starting…', done: 'It records again.' },
    stop: {
      label: 'Stop',
      hint: 'Record nothing until you start it again',
      now: 'Stopping…',
      done: 'It records nothing until you start it again.',
    },
    flush: {
      label: 'Send now',
      hint: 'End the segment and send it at once',
      now: 'Sending…',
      done: 'The segment was ended, and is being sent.',
    },
    restart: {
      label: 'Restart',
      hint: 'Close the camera’s source and open it again',
      now: 'Restarting…',
      done: 'It was opened anew.',
    },
  },
  removeCamera: 'Remove from the wall',
  removeCameraAsk: (name) => `Remove ${name} from the wall?`,
  removeCameraText:
    'Where it was paired, its key lets nobody in any more. What it filmed stays, and is found on its days.',
  cameraRemoved: (name) => `${name} is off the wall.`,
  apply: 'Apply',
  leaveTitle: 'Leave without applying?',
  leaveText: 'What you have changed is lost.',
  leave: 'Leave',
  applying: 'The camera tries it…',
  undoAll: 'Undo',
  moreSettings: 'More settings',
  noSettings: 'This camera has not said yet what may be set.',
  awayHint: 'The camera is away; it gets this when it is back',
  allowed: (range) => `Allowed: ${range}.`,
  noGap: 'Taken without a gap in the footage, as a rule.',
  shortGap: 'Taken by filming anew, which leaves a short gap.',
  ownValue: (own) => (own === '' ? 'Back to none' : `Back to ${own}`),
  ownHint: 'Back to what the camera’s own configuration says',
  became: ({ state, sentence }) =>
    state === 'applied'
      ? 'The camera goes by it now.'
      : strings.sentence(sentence || 'it waits for the camera'),
  changes: 'Earlier changes',
  changeOf: (time, who) => `${time}, by ${who || 'the sign-in link'}`,
  setTo: (setting, value) => `${setting}: ${value}`,
  nothingSet: 'none',
  itsOwn: 'the camera’s own',
  noDifference: 'nothing else than before',
  changeStates: {
    applied: 'applied',
    refused: 'refused',
    replaced: 'replaced by a later one',
    waiting: 'waiting',
  },
  settings: {
    'camera.size': 'Resolution',
    'camera.fps': 'Frames per second',
    'record.segment': 'Segment length',
    'record.mode': 'Record',
    'record.pre-roll': 'Before an event',
    'record.post-roll': 'After an event',
    'encoder.bitrate': 'Bitrate',
    'encoder.gop': 'Keyframe interval',
    'overlay.time': 'Time in the picture',
    'overlay.text': 'Text in the picture',
    'privacy.masks': 'Black areas',
    'motion.enabled': 'Look for motion',
    'motion.schedule': 'Schedule of motion',
    'motion.tamper': 'Notice tampering',
    'motion.cooldown': 'Pause between reports',
    'motion.sensitivity': 'Sensitivity',
    'motion.min-duration': 'Shortest motion',
    'motion.hold': 'Longest pause within motion',
    'motion.masks': 'Areas without motion',
    'motion.zones': 'Zones',
  },
  /** In place of the camera's own sentences, which are English. */
  meanings: {
    'camera.size': 'How large the picture is.',
    'camera.fps': 'How many pictures a second are recorded; empty for as many as the source has.',
    'record.segment': 'How long a file of footage gets before the next one begins.',
    'record.mode': 'All there is, or only what happens.',
    'record.pre-roll': 'How much from before an event is kept, where only events are recorded.',
    'record.post-roll': 'How much from after an event is kept, where only events are recorded.',
    'encoder.bitrate': 'How much data a second of video takes: more looks better and needs more room.',
    'encoder.gop': 'How far whole pictures are apart: less is quicker to jump to, and needs more room.',
    'overlay.time': 'Writes date and time into the picture, top left.',
    'overlay.text': 'Is written into the picture, below the time; empty for none.',
    'privacy.masks': 'What is never filmed: drawn black in all footage.',
    'motion.enabled': 'Looks for motion, and marks it on the timeline.',
    'motion.schedule': 'When motion is looked for.',
    'motion.tamper': 'Tells when the camera is turned away, pushed or out of focus.',
    'motion.cooldown': 'How long after an event nobody is told of another, unless that lasts longer.',
    'motion.sensitivity': 'How little it takes to count as motion: low overlooks small and faint things.',
    'motion.min-duration': 'Motion shorter than this is passed over.',
    'motion.hold': 'Motion that pauses for less than this is one event.',
    'motion.masks': 'Where motion is not looked for.',
    'motion.zones': 'Where motion counts, or does not.',
  },
  choices: { 'record.mode': { continuous: 'everything', events: 'what happens' } },
  switched: { true: 'on', false: 'off' },
  units: { fps: 'a second' },
  timeUnits: { ms: 'milliseconds', s: 'seconds', m: 'minutes', h: 'hours', d: 'days' },
  unitOf: (setting) => `${setting}, unit`,
  within: (min, max) => `From ${min} to ${max}.`,
  fromTo: (min, max) => `${min} to ${max}`,
  /** What is allowed: `range` and `unit` may be empty. */
  numberWithin: (range, unit, isWhole) =>
    [range ? (isWhole ? `a whole number, ${range}` : range) : isWhole ? 'a whole number' : 'a number', unit]
      .filter(Boolean)
      .join(' '),
  wholeOf: (unit) => `a whole number of ${unit}`,
  aSize: 'width × height, such as 1280 × 720',
  isToBe: (setting, allowed) => `${setting}: ${allowed}`,
  lookAt: (settings) => `Not sent. Look at ${strings.list(settings)}.`,
  cameraRefuses: (settings) => `The camera does not take it. Look at ${strings.list(settings)}.`,
  sourceSize: 'As the source has it',
  asSource: 'what the source has',
  sourceSizeIs: (size) => `${size}, as the source has it`,
  otherSize: 'Another…',
  always: 'Always',
  ownAlways: 'always',
  addTime: 'Add a time',
  removeTime: 'Remove this time',
  fromTime: 'From',
  toTime: 'to',
  untilTime: 'To',
  dayNames: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  shortDays: ['Mo', 'Tu', 'We', 'Th', 'Fr', 'Sa', 'Su'],
  zoneWords: {
    draw: 'Draw a zone',
    drawing(n, isTouched) {
      if (isTouched) return n < 3 ? 'Tap the corners of the zone, three at least.' : 'Tap more corners, or Done.';
      return n < 3
        ? 'Click the corners of the zone, or move with the arrow keys and set them with Enter. Escape ends it.'
        : 'Click the first corner again, or double-click, to close the zone.';
    },
    done: 'Close the zone',
    cancel: 'Draw no zone',
    unfinished: 'A zone is being drawn: close or cancel it, then apply.',
    none: 'Without a zone the whole picture counts.',
  },
  areaWords: {
    draw: 'Draw an area',
    drawing(n, isTouched) {
      if (isTouched) return n === 0 ? 'Drag from one corner to the other.' : 'Tap the corner across.';
      return n === 0
        ? 'Drag from one corner to the other, or move with the arrow keys and set both with Enter. Escape ends it.'
        : 'Click the corner across.';
    },
    cancel: 'Draw no area',
    unfinished: 'An area is being drawn: end or cancel it, then apply.',
    none: 'No areas yet.',
  },
  area: (n) => `Area ${n}`,
  areas: (n) => `${n} ${plural(n, 'area', 'areas')}`,
  zonesHint: 'Drag a corner to move it.',
  zoneDone: 'Done',
  zoneBack: 'Undo corner',
  zoneName: 'Name of the zone',
  zoneKind: 'What the zone does',
  zoneKinds: { trigger: 'motion counts here', ignore: 'motion is ignored', privacy: 'made black' },
  removeZone: (name) => `Remove ${name}`,

  // Health
  health: 'Health',
  warnings: (kinds) => kinds.join(' · '),
  temperature: 'Temperature',
  celsius: (n) => `${n}\u00a0°C`,
  power: 'Power',
  strains: (now, since) => {
    const words = (kinds) => strings.list(kinds.map((kind) => strings.strainNames[kind] ?? kind));
    return now.length > 0
      ? words(now)
      : since.length > 0
        ? `fine; since its start: ${words(since)}`
        : 'fine';
  },
  strainNames: {
    'under-voltage': 'too little voltage',
    'frequency-capped': 'clock limited',
    throttled: 'slowed down',
    'soft-temperature-limit': 'slowed down for its heat',
  },
  battery: 'Battery',
  batteryIs: (percent, status) => (status ? `${percent}\u00a0%, ${status}` : `${percent}\u00a0%`),
  wifi: 'Wi-Fi',
  wifiIs: (dbm, quality, device) => `${dbm}\u00a0dBm (${quality}\u00a0%), ${device}`,
  freeOf: (free, all) => `${free} of ${all} free`,
  disk: 'Disk',
  diskIs: (free, all, device) => `${free} of ${all} free, ${device}`,
  diskWritten: 'Written to it',
  aDay: (size) => `${size} a day, by all programs`,
  diskWear: 'Its wear',
  wearIs: (percent, errors) =>
    [
      percent === undefined ? '' : `${percent}\u00a0% used`,
      errors > 0 ? `${errors} ${plural(errors, 'error', 'errors')} counted` : '',
    ]
      .filter(Boolean)
      .join(', '),
  memory: 'Memory',
  clockIs: ({ set, synchronised, offsetMillis }, off) =>
    [
      set === false ? 'not set' : synchronised === false ? 'not synchronised' : synchronised ? 'synchronised' : '',
      off && Math.abs(offsetMillis) > 100
        ? `${off} ${offsetMillis > 0 ? 'ahead of' : 'behind'} the master’s`
        : '',
    ]
      .filter(Boolean)
      .join(', ') || 'as the master’s',
  uptime: 'Running for',
  boardModel: 'Board',
  system: 'System',
  firmware: 'Firmware',
  program: 'Program',

  // Incidents
  notHeard: (names, n) => `${names} ${plural(n, 'is', 'are')} not heard`,
  verdicts: {
    unknown: 'why is not known',
    'program-ended': 'its board answers, its program has ended',
    'program-silent': 'its board answers, its program does not',
    unreachable: 'it is unreachable: no power, no network, or destroyed',
    'taken-away': 'its owner has unpaired it, or taken it off the wall',
    'all-unreachable': 'no camera is reachable: it may be the master’s own network',
  },
  othersSent: (names, n) => `${names} ${plural(n, 'sends what it films', 'send what they film')}`,
  othersAsked: (names) => `${names}: told to send what is filmed`,
  otherFailed: (name, why) => `${name} could not back up: ${why}`,
  lasts: 'not over yet',
  forSoLong: (duration) => `for ${duration}`,
  playLast: 'Play its last footage',
  playBefore: (name) => `Play what ${name} filmed before`,
  noneBefore: (name) => `Nothing that ${name} filmed before that is here.`,

  // What is unusual about a segment
  marks: {
    damaged: { word: 'damaged' },
    salvaged: {
      word: 'salvaged',
      sentence:
        'Salvaged: this is what the camera had sent when it was lost. If it comes back, the whole takes its place.',
    },
    recovered: {
      word: 'recovered',
      sentence:
        'Recovered: the camera stopped without warning while it filmed this, and saved it up to its last whole second.',
    },
    unknown: { word: 'motion unknown' },
  },
  markLines: {
    damaged: 'Damaged',
    salvaged: 'Salvaged from a lost camera',
    recovered: 'Recovered after a failure',
  },
  damagedBecause: (why) =>
    `Damaged: ${why}. Its camera will be asked to send it again, if it still has it.`,
  unknownBecause: (why) => `Whether something moved is not known for all of it: ${why}.`,
  damaged: 'Damaged footage',
  damagedAbout:
    'These segments are no longer what was received: they were changed or lost where they are kept. A camera that still has one sends it again by itself, and it disappears from here. Most of a changed one still plays.',
  noneDamaged: 'Nothing is damaged.',
  playThis: (what) => `Play ${what}`,
  segmentOf: (name, time) => `${name}, ${time}`,

  // Trash
  // People
  people: 'People and access',
  peopleTitle: 'People',
  roles: { owner: 'Owner', viewer: 'Viewer' },
  youAre: (name, role) => `You are ${name}. ${role}.`,
  youCameByLink: 'You came by the sign-in link, and act for the owner.',
  youCameByLinkFirst:
    'You came by the sign-in link. Nobody has a password yet: invite an owner, and open the ' +
    'link here to become one.',
  byLink: 'By the sign-in link',
  you: 'You',
  currentPassword: 'Current password',
  changePassword: 'Change password',
  passwordChanged: 'Password changed. Your other sessions have ended.',
  otherSessionsEnd: 'Your other sessions end.',
  signedInHere: 'Signed in',
  thisBrowser: 'This browser',
  lastUsed: (time) => `last used ${time}`,
  endSession: 'Sign out',
  endThis: (name) => `Sign out ${name}`,
  sessionEnded: 'Signed out.',
  endOthers: 'Sign out everywhere else',
  othersEnded: 'Your other sessions have ended.',
  signOut: 'Sign out',
  removePerson: 'Remove',
  removeThis: (name) => `Remove ${name}`,
  removeAsk: (name) => `Remove ${name}?`,
  removeText: 'They are signed out at once, and their password opens nothing any more.',
  removed: (name) => `${name} was removed.`,
  invite: { viewer: 'Invite a viewer', owner: 'Invite an owner' },
  invited: (role) => `Invited: ${role}`,
  inviteLink: 'Send this link to the person. It is good once, and is shown only now:',
  goodUntil: (time) => `good until ${time}`,
  takeBack: 'Take back',
  takenBack: 'The invitation is taken back.',
  copy: 'Copy',
  copied: 'Copied.',

  // Cameras that may come in
  camerasTitle: 'Paired cameras',
  pairedOn: (time) => `paired ${time}`,
  heardLast: (time) => `heard last ${time}`,
  heardNever: 'not heard since',
  keyOf: (print) => `key ${print}…`,
  unpair: 'Unpair',
  unpairThis: (name) => `Unpair ${name}`,
  unpairAsk: (name) => `Unpair ${name}?`,
  unpairText:
    'Its connections end at once, and its key lets nobody in any more. What it filmed stays here; what it still holds arrives when it is paired again.',
  unpaired: (name) => `${name} is unpaired.`,
  addCamera: 'Add a camera',
  addByCode: 'Add it with a code. Then start it, and its pictures appear here by themselves:',
  addAnew:
    'What was filmed before is on the timeline. Add a camera with a code; then start it, and its pictures appear here by themselves:',
  pairAbout:
    'A code lets one camera in, once. Master and camera then know each other by their keys, and nothing else is let in.',
  pairNotYet:
    'This master speaks with its own machine alone, and without encryption. Cameras on other machines are let in once this stands in its configuration, master.yml:',
  pairNear:
    'Only cameras on the master’s own machine reach it now. For others, this has to stand in its configuration, master.yml:',
  pairLook: 'Look again',
  pairSettings: 'listen:\n  host: 0.0.0.0\ntls:\n  mode: on',
  pairSetThen:
    'Start it again then. Its page is at https:// from that time on, and the browser asks once whether it may trust it.',
  pairName: 'Name of the camera',
  pairNameAbout:
    'As camera.name says in its camera.yml: lower-case letters, digits and inner hyphens. Left empty, the code is good for any name.',
  pairAnew: 'It replaces the camera of this name, which is turned out.',
  showCode: 'Show the code',
  newCode: 'Another code',
  pairType: 'Type this on the camera, or scan the code with what you reach it from:',
  pairCommand: (code) => `raspberryspy pair ${code} --config camera.yml`,
  pairPicture: 'The same code as a picture',
  copyCommand: 'Copy the command',
  copyCode: 'Copy the code',
  copyByHand: 'Marked: copy it by hand.',
  codeGood: (time) => `Good for ${time} more.`,
  codeOver: 'This code has ended.',
  pairOpen: 'This turns by itself when the camera comes. Closed before that, the code is worthless.',
  pairCancel: 'Cancel: the code is then good for nothing',
  paired: (name) => `${name} is paired`,
  pairedStart: 'Start it, and its pictures appear by themselves:',
  pairedHere: (name) => `${name} is here.`,
  cameraCommand: 'raspberryspy camera --config camera.yml',
  addAnother: 'Add another',
  done: 'Done',
  audit: 'What people did',
  auditAbout:
    'Each entry is chained to the one before it; raspberryspy check tells if one was changed.',
  auditEmpty: 'Nothing yet.',
  older: 'Show older',
  actions: {
    'first-start': 'Set up this master',
    'reset-password': 'Set another password by a link of the master',
    join: 'Joined',
    'sign-in': 'Signed in',
    'failed-sign-in': 'Was not let in',
    save: 'Saved',
    'un-save': 'Gave up to retention',
    delete: 'Deleted',
    restore: 'Restored',
    purge: 'Deleted for good',
    'empty-trash': 'Emptied the trash',
    export: 'Exported',
    share: 'Made a link to',
    'un-share': 'Took a link back',
    'open-share': 'A link was opened for the first time',
    'confirm-clock': 'Confirmed the clock',
    'start-camera': 'Had this camera record again',
    'stop-camera': 'Stopped the recording of',
    'flush-camera': 'Had this camera send at once what it filmed',
    'restart-camera': 'Restarted',
    'snapshot-camera': 'Took a picture of now with',
    'set-camera': 'Set this camera',
    'ask-camera-to-set': 'Set this camera, which had not taken it yet',
    'set-camera-in-vain': 'Tried to set this camera, which did not take it',
    'name-camera': 'Renamed this camera',
    command: 'Asked a camera for something',
    change: 'Changed something',
    'change-password': 'Changed the password',
    'end-session': 'Signed out a browser',
    'end-other-sessions': 'Signed out everywhere else',
    'remove-person': 'Removed',
    invite: 'Invited',
    'un-invite': 'Took an invitation back',
    'mean-outside': 'Meant the master to be reached from the internet',
    'test-alert': 'Tested a channel of alerts',
    pair: 'Paired a camera by a code',
    'pairing-code': 'Made a code for a camera',
    'spend-code': 'Took a camera’s code back',
    unpair: 'Unpaired a camera',
    'remove-camera': 'Took a camera off the wall',
  },

  /** What an entry is about, in words: settings by what the page calls them. */
  /** Who does what nobody who is signed in does. */
  auditNobody: {
    'failed-sign-in': 'Somebody',
    'open-share': 'Whoever has the link',
    pair: 'The camera',
  },
  auditDetail: ({ action, detail }) =>
    ['set-camera', 'ask-camera-to-set', 'set-camera-in-vain'].includes(action)
      ? detail.replace(/[a-z]+(?:[.-][a-z]+)+(?=,|$)/g, (key) => strings.settings[key] ?? key)
      : detail,

  trash: 'Trash',
  trashAbout: (days) =>
    `What you delete can be had back for ${days}. Where room is short it goes earlier, before any other footage.`,
  trashNoGrace: 'What you delete goes for good within a minute.',
  trashEmpty: 'The trash is empty.',
  inTime: (time) => `in ${time}`,
  onDay: (day) => `on ${day}`,
  any: 'any moment now',
  goesForGood: (when) => `Goes for good ${when}`,
  restore: 'Restore',
  restoreThis: (what) => `Restore ${what}`,
  restored: (what) => `Restored: ${what}`,
  purge: 'Delete for good',
  purgeThis: (what) => `Delete for good: ${what}`,
  purgeAsk: 'Delete this for good?',
  purgeText: (what) => `${what} cannot be had back after that.`,
  purged: (what) => `Deleted for good: ${what}`,
  emptyTrash: 'Empty the trash',
  emptyAsk: 'Empty the trash?',
  emptyText: (n, size) =>
    `${n} ${plural(n, 'segment', 'segments')} (${size}) cannot be had back after that.`,
  emptied: 'The trash is empty now.',
  cancel: 'Cancel',
  undo: 'Undo',

  // Storage
  // Alerts
  alerts: 'Alerts',
  alertsUnseen: (n) => `Alerts: ${n} new`,
  alertsAbout: 'What you were told, here and by the channels below. The master’s configuration says what, when and by which.',
  alertsNone: 'Nothing has gone wrong so far.',
  alertNew: 'new',
  alertTitle: (kind, camera) =>
    ({
      lost: camera ? `${camera} is lost` : 'Several cameras are lost',
      back: camera ? `${camera} is back` : 'Several cameras are back',
      fault: `${camera} has a fault`,
      motion: `Motion at ${camera}`,
      trouble: 'The master has a problem',
    })[kind] ?? 'An alert',
  alertText: (sentence, joined) => (joined > 0 ? `${sentence} And ${joined} more like it.` : sentence),
  channels: 'Channels',
  channelsNone: 'None yet: alerts are listed here alone. Channels are set up in the master’s configuration.',
  channelNames: { webhook: 'Webhook', ntfy: 'ntfy', mail: 'E-mail', mqtt: 'MQTT' },
  channelTest: 'Test',
  channelTestOf: (name) => `Test ${name}`,
  channelTrying: (name) => `Trying ${name}…`,
  channelWorks: (name, answer) => `${name} works: ${answer}.`,
  channelFails: (name, answer) => `${name} does not work: ${answer}.`,
  channelWorked: (time) => `Delivered last: ${time}.`,
  channelFailed: (time, error) => `Failed ${time}: ${error}.`,
  channelUntried: 'Not used so far.',
  channelWaiting: (n) => `${n} ${plural(n, 'alert waits', 'alerts wait')} for it.`,

  storage: 'Storage',
  usedFootage: (size) => `Footage ${size}`,
  usedSaved: (size, text, n) => `Saved ${size}, ${text} ${plural(n, 'segment', 'segments')}`,
  usedTrash: (size) => `Trash ${size}`,
  freeForUploads: (free) => `Free on the master’s disk, for what is on its way, ${free}`,
  freeOnDisk: (free, reserve) =>
    reserve ? `Free on the disk ${free}; ${reserve} of that stay free` : `Free on the disk ${free}`,
  goesBack: (day, age) => `Footage goes back to ${day} (${age}).`,
  nextGoes: (name, filmed, when, why) =>
    `Next to go: ${name}’s footage of ${filmed}, ${when}${why}.`,
  goesFor: {
    age: ' because of its age',
    'camera-size': ' as that camera’s room ends',
    size: ' as the allowed room ends',
    space: ' as the disk’s room ends',
  },
  nothingGoes: 'Nothing is deleted by itself, as far as can be told.',
  fullIn: (time) => `As much as came in the last day would fill what is left in ${time}.`,
  fullNow: 'The room is full: what comes takes the place of the oldest.',
  usageByCamera: 'How much is stored of each camera',
  usageColumns: ['Camera', 'Stored', 'A day', 'Goes back to', 'Is kept'],
  notYetKnown: 'not known yet',
  keptWhileRoom: 'while there is room',
  keptWithMotion: (still, moving) => `${still}; with motion ${moving}`,
  keptUpTo: (age, size) => `${age}, ${size} at most`,
  openTrash: 'Open the trash',

  // Cameras
  states: {
    recording: 'Recording',
    starting: 'Starting',
    retrying: 'Retrying',
    stopped: 'Stopped',
    lost: 'Lost',
    off: 'Off',
    unpaired: 'Unpaired',
    never: 'Never seen',
  },
  stateUnknown: 'Unknown',
  stateEvent: (name, state) =>
    ({
      lost: `${name} was lost`,
      back: `${name} is back`,
      off: `${name} was switched off`,
      unpaired: `${name} was unpaired`,
    })[state] ?? `${name}: ${(strings.states[state] ?? state).toLowerCase()}`,
  faults: {
    'capture-stalled': 'No pictures',
    'encoder-stalled': 'Encoder silent',
    'picture-frozen': 'Picture frozen',
    'picture-dark': 'Picture dark',
    'lens-covered': 'Lens covered',
    'sink-stalled': 'Program part hangs',
    'source-missing': 'No picture',
    'sound-missing': 'Sound missing',
    'sensor-missing': 'Sensor missing',
    'camera-moved': 'Camera moved',
    'camera-defocused': 'Camera out of focus',
    'duplicate-identity': 'Two cameras of one identity',
    'says-too-much': 'Says too much',
    'card-failing': 'Card fails',
    'card-worn': 'Card worn',
    'battery-low': 'Battery low',
    'board-hot': 'Board hot',
    'under-voltage': 'Too little voltage',
    throttled: 'Board slowed down',
    'wifi-weak': 'Wi-Fi weak',
    'clock-unset': 'Clock not set',
    'clock-off': 'Clock wrong',
  },
  fault: ({ kind, sentence }) => strings.faults[kind] ?? sentence,
  faultFor: (words, duration) => `${words} for ${duration}`,
  motionNow: 'Motion now',
  noPicture: 'No segment yet',
  pictureFacts: (w, h, fps) => `${w} × ${h} · ${fps} fps`,
  /** What there is to say of a camera as it stands; '' where that is nothing. */
  stateTold: ({ state, problem, since, lastHeartbeat }, moment) =>
    state === 'lost'
      ? `Not heard since ${moment(lastHeartbeat || since)}. What it sent until then is safe here.`
      : state === 'off'
        ? `Off since ${moment(since)}: its program was ended. What it sent until then is here.`
        : state === 'unpaired'
          ? `Unpaired since ${moment(since)}. What it sent until then stays here.`
          : state === 'never'
            ? 'This camera has not called yet.'
            : problem || (state === 'stopped' ? `Stopped since ${moment(since)}.` : ''),
  backedUp: 'Everything backed up',
  waiting: (n, size, left) =>
    `${n} ${plural(n, 'segment', 'segments')} waiting (${left ? `${size}, ${left} left` : size})`,
  dropped: (n, text) => `${text} ${plural(n, 'frame', 'frames')} dropped`,
  droppedLast: (time) => `, last ${time}`,
  written: (size) => `writes ${size}/day`,
  writtenHint: 'What this camera writes to its own card or disk, which wears it out',
  heard: (age) => `heard ${age} ago`,

  // Timeline
  timelineOf: (name) => `Timeline of ${name}`,
  zoomIn: 'Zoom in',
  zoomOut: 'Zoom out',
  wholeDay: 'Whole day',
  today: 'Today',
  yesterday: 'Yesterday',
  chooseDay: 'Choose a day',
  dayShown: (day, date) => `${day}: ${date}. Choose another day`,
  previousDay: 'Previous day',
  nextDay: 'Next day',
  previousMonth: 'Previous month',
  nextMonth: 'Next month',
  dayWithFootage: 'Day with footage',
  dayHasFootage: (day) => `${day}, has footage`,
  noFootage: 'No footage',
  future: 'Not yet',
  beingFilmed: 'Being filmed; not here yet',
  emptyDay: 'No footage on this day',
  dayFailed: 'This day could not be loaded; it is tried again',
  loading: 'Loading…',
  motionScore: (percent) => `Motion in ${percent} of the picture`,
  unknownMotion: ({ isAsked, reason }) =>
    isAsked ? 'Motion was not looked for' : `Whether something moved is not known: ${reason}`,
  gapOf: (duration, reason) => `Gap of ${duration}: ${reason}`,
  restOf: (duration) => `Nothing happened for ${duration}, so nothing was recorded`,
  segmentSpoken: (from, to, motion, saved) =>
    [`${from} to ${to}`, motion && `motion ${motion}`, saved && 'saved'].filter(Boolean).join(', '),

  // What is shown of the day
  filterCamera: 'Camera',
  filterKind: 'Show',
  filterZone: 'Zone',
  filterAll: 'All',
  filterMotion: 'Motion',
  filterSaved: 'Saved',
  filterTrouble: 'Trouble',
  noMatch: 'Nothing like that on this day',
  takenAt: (time) => `picture of ${time}`,

  // A note on what is saved
  note: 'Note on this saved segment',
  notePlaceholder: 'Write what it shows…',
  noteKept: 'The note is kept with the segment.',

  // Several cameras in step
  together: 'All cameras at this time',
  someScreens: (shown, all) => `${shown} of ${all} cameras`,
  noFootageThen: 'No footage at this time',
  stillFilmed: 'Still being filmed',
  watchInstead: (name) => `Watch ${name} instead`,

  // A marked stretch, and taking it away
  range: 'Marked footage',
  rangeFrom: 'From',
  rangeTo: 'To',
  rangeTimeHint: 'A time of this day, such as 14:30:05',
  notATime: (text) => `“${text}” is not a time of day, such as 14:30 or 14:30:05`,
  notYetTime: (time) => `${time} is still to come`,
  notBeforeEnd: (from, to) => `From has to be before ${to}, and ${from} is not`,
  notAfterStart: (to, from) => `To has to be after ${from}, and ${to} is not`,
  rangeClear: 'Remove the marks',
  selectRange: 'Mark a stretch to export or share: drag over a strip',
  export: 'Export',
  exportHint: 'Save this stretch as one video file',
  exportTitle: 'Export',
  exportAbout:
    'One MP4 file, as it was recorded. It begins at the keyframe before the mark. Where there is no footage it goes on at once; the file’s comment and its chapters say when.',
  exportSave: 'Save the file',
  exportMissing: (length) => `No footage for ${length}`,
  exportDamaged: (n) => `${n} ${plural(n, 'segment', 'segments')}: what cannot be read is left out`,
  exporting: (done, all, left) => `${done} of ${all}, ${left} left`,
  exported: (name) => `Saved: ${name}`,
  exportStopped: 'Stopped. Nothing was saved.',
  exportByBrowser: 'Your browser saves it, and shows how far it is.',
  progress: 'Progress',
  share: 'Share',
  shareHint: 'Make a link that shows this stretch to whoever has it',
  shareThis: 'Share this segment by a link',
  shares: 'Share by link',
  sharesAbout:
    'A link shows one stretch of footage to whoever has it, without signing in, and nothing else. It ends by itself, or when you take it back. Footage that is deleted is gone from it too: save what has to stay.',
  shareLife: 'Good for',
  shareLives: { hour: 'an hour', day: 'a day', week: 'a week' },
  shareMake: 'Make a link',
  shareLink: 'Link',
  shareOnce: 'Send this link. It is shown only now:',
  sharesGood: 'Links that are good now',
  sharesNone: 'None.',
  shareEnds: (when) => `ends ${when}`,
  shareUses: (n) => (n === 0 ? 'not opened yet' : `opened ${n} ${plural(n, 'time', 'times')}`),
  shareMaker: (name) => `made by ${name}`,
  shareMadeByLink: 'made by the sign-in link',
  shareRevoke: (what) => `Take back the link to ${what}`,
  shareRevoked: 'Taken back: the link shows nothing any more.',
  sharedOver: 'This link is not good any more',
  sharedNotNow: 'This cannot be shown now',
  sharedAgain: 'Try again in a while.',
  sharedTitle: (camera, day, from, to) => `${camera}, ${day}, ${from} – ${to}`,
  sharedUntil: (time) => `Whoever has this link can watch until ${time}.`,
  moreOf: (n) => `${n} more`,

  // Player
  play: 'Play',
  pause: 'Pause',
  spaceKey: 'Space',
  closePlayer: 'Back to the cameras',
  previousSegment: 'Previous segment',
  nextSegment: 'Next segment',
  position: 'Position in the segment',
  speed: 'Play speed',
  save: 'Save',
  saved: 'Saved',
  saveLabel: 'Save segment',
  savedLabel: 'Saved segment',
  downloadLabel: 'Download this segment',
  saveHint: 'Save: this segment is then never deleted automatically',
  unsaveHint: 'Saved. Press to let it be deleted again when its time comes',
  savedNow: 'Saved. This segment is never deleted automatically.',
  unsavedNow: 'No longer saved.',
  saveFailed: (why) => `That could not be changed: ${why}`,
  download: 'Download',
  remove: 'Delete',
  removeLabel: 'Delete this segment',
  removeHint: 'Delete: it can be had back from the trash for a while',
  removeSavedHint: 'Saved segments are not deleted: un-save it first',
  removed: (what) => `Deleted: ${what}`,
  fullScreen: 'Full screen',
  soundOn: 'Switch the sound on',
  soundOff: 'Switch the sound off',
  skipped: (duration) => `${duration} without footage skipped`,
  atTheEnd: 'This is the latest footage. Playback goes on when more arrives.',
  videoUnplayable:
    'This browser cannot play this segment. Download it to watch it in another player.',
  videoFailed: 'The video broke off. Press play to try again.',
  segmentGone: 'That segment has been deleted.',
  notYetHere: 'The segment with this moment has not arrived yet.',
  toldWhenHere: 'That is still being filmed. You are told when it is here.',
  nowHere: (name, time) => `What ${name} filmed at ${time} is here now.`,
  fetching: (name) => `Asking ${name} for it. It plays as soon as it is here.`,
  clockNotes: {
    unsynced: 'The camera’s clock was not set yet: the time may be wrong',
    corrected: 'Time corrected afterwards',
  },

  // Details
  start: 'Start',
  end: 'End',
  duration: 'Duration',
  size: 'Size',
  exactBytes: (n) => `${n} bytes`,
  picture: 'Picture',
  frames: 'Frames',
  codec: 'Codec',
  sound: 'Sound',
  soundFacts: (name, kHz, channels) =>
    `${name}, ${kHz} kHz, ${channels === 1 ? 'mono' : channels === 2 ? 'stereo' : `${channels} channels`}`,
  soundCodecs: { 'mp4a.40.2': 'AAC', opus: 'Opus' },
  h264: (name) => `H.264 (${name})`,
  closed: 'Closed because',
  closedBy: {
    time: 'its length was reached',
    flush: 'it was asked for',
    stop: 'recording stopped',
    recovered: 'recovered after a failure',
    salvaged: 'salvaged from a lost camera',
  },
  clock: 'Clock',
  clockStates: { synced: 'was set', unsynced: 'was not set', corrected: 'corrected afterwards' },
  gap: 'Gap',
  rest: 'Nothing happened before for',
  unknown: 'Motion unknown',
  notLookedFor: 'Motion not looked for',
  forLength: (duration) => `for ${duration}`,
  unknownFor: (duration, reason) => `for ${duration}: ${reason}`,
  motionInSegment: 'Motion in this segment',
  keepSaved: 'Saved: never deleted automatically.',
  keepUntil: (days) => `Not saved: deleted after ${days} days, or earlier when room is needed.`,
  keepWhileRoom: 'Not saved: deleted when room is needed.',

  // Motion
  moved: 'motion',
  noMotion: 'Nothing moved on this day',
  showMore: (n) => `Show more (${n})`,
  motionAt: 'motion at',

  // Help
  help: 'Keyboard',
  helpTitle: 'Keyboard',
  close: 'Close',
  helpKeys: [
    {
      title: 'One camera',
      keys: [
        [['←', '→'], 'previous or next camera'],
        [['Space'], 'pause, and go on with what is filmed then'],
        [['P'], 'a picture of now'],
        [['F'], 'full screen'],
        [['Esc'], 'back to the cameras'],
      ],
    },
    {
      title: 'Player',
      keys: [
        [['Space'], 'play or pause'],
        [['←', '→'], '5 seconds back or on'],
        [['⇧ ←', '⇧ →'], 'previous or next segment'],
        [['S'], 'save or un-save', 'owner'],
        [['M'], 'sound on or off, where there is some'],
        [[',', '.'], 'one picture back or on'],
        [['W'], 'all cameras at this time'],
        [['F'], 'full screen'],
        [['I', 'O'], 'mark where an export begins and ends'],
        [['Del'], 'delete; Z undoes it', 'owner'],
        [['Esc'], 'back to the cameras'],
      ],
    },
    {
      title: 'Timeline, once a strip has the focus',
      keys: [
        [['←', '→'], 'previous or next segment'],
        [['M', '⇧ M'], 'next or previous motion'],
        [['U', '⇧ U'], 'next or previous of which motion is not known'],
        [['↑', '↓'], 'other camera'],
        [['PgUp', 'PgDn'], 'an hour back or on'],
        [['Home', 'End'], 'first or last segment'],
        [['+', '−', '0'], 'zoom, whole day'],
        [['Enter'], 'play'],
        [['I', 'O'], 'mark where an export begins and ends; so does ⇧ and dragging'],
      ],
    },
  ],

  // Fixed places of index.html and signed-out.html
  page: {
    skip: 'Skip to the timeline',
    storage: 'Storage',
    troubles: 'Trouble',
    cameras: 'Cameras',
    player: 'Player',
    timeline: 'Timeline',
    timelineKeys:
      'Left and right choose a segment, Enter plays it, M jumps to motion, U to where that is not known.',
    details: 'This segment',
    motion: 'Motion',
    legendFootage: 'Footage',
    legendFilmed: 'Being filmed',
    legendMotion: 'Motion',
    legendSaved: 'Saved',
    legendUnknown: 'Motion unknown',
    legendGap: 'Gap',
    legendFault: 'Trouble',
    legendDamaged: 'Damaged',
    emptyDemo: 'To try it without a camera:',
    signInTitle: 'Sign in',
    name: 'Name',
    password: 'Password',
    newPassword: 'New password',
    signIn: 'Sign in',
    signInTrouble: 'You cannot get in?',
    signInFirst:
      'The first time, open the link that the master printed when it started. ' +
      'It asks for a name and a password of your own.',
    signInForgot:
      'If you forgot your password, ask an owner for an invitation. An owner stops the master ' +
      'and starts it once on its machine with the option below, which prints such a link:',
    welcomeTitle: 'Welcome',
    welcomeText: 'Choose your name and a password of your own. The link that brought you is good once.',
    passwordRule: 'At least 12 characters. A few words that do not belong together do well.',
    showPassword: 'Show the password',
    welcomeGo: 'Go to the cameras',
    noScript: 'RaspberrySpy needs JavaScript to show your cameras.',
  },
};

/** Fills the fixed places of a page: `data-s` is text, `data-s-label` a name for screen readers. */
export function fillIn(root) {
  for (const node of root.querySelectorAll('[data-s]'))
    node.textContent = strings.page[node.dataset.s];
  for (const node of root.querySelectorAll('[data-s-label]')) {
    node.setAttribute('aria-label', strings.page[node.dataset.sLabel]);
  }
}
