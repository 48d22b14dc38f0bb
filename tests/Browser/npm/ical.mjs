// A calendar feed as any calendar reads it: node ical.mjs URL. Parses with ical.js and checks what a calendar relies on; prints a line of figures.

import ICAL from 'ical.js';

const answer = await fetch(process.argv[2]);
const type = answer.headers.get('content-type') ?? '';
if (!answer.ok || !type.startsWith('text/calendar')) throw new Error(`${answer.status} ${type}`);
const text = await answer.text();
if (/[^\r]\n/.test(text)) throw new Error('a line ends without CR');
for (const line of text.split('\r\n')) if (Buffer.byteLength(line) > 75) throw new Error('a line is longer than 75 octets: ' + line);
const calendar = new ICAL.Component(ICAL.parse(text));
const zone = new ICAL.Timezone(calendar.getFirstSubcomponent('vtimezone'));
ICAL.TimezoneService.register(zone);
const uids = new Set();
let overMidnight = 0;
for (const component of calendar.getAllSubcomponents('vevent')) {
  const event = new ICAL.Event(component, { strictExceptions: true });
  uids.add(event.uid);
  if (!event.summary || !component.hasProperty('dtstamp')) throw new Error('an event lacks what RFC 5545 demands');
  if (event.startDate.zone.tzid !== 'Asia/Shanghai' || event.startDate.utcOffset() !== 8 * 3600) throw new Error('not in Asia/Shanghai: ' + event.startDate.zone.tzid);
  if (event.duration.toSeconds() <= 0 || event.duration.toSeconds() > 24 * 3600) throw new Error('an event of no or too long a time');
  if (event.endDate.day !== event.startDate.day) overMidnight++;
}
if (uids.size !== calendar.getAllSubcomponents('vevent').length) throw new Error('two events have one UID');
console.log(JSON.stringify({ events: uids.size, overMidnight, name: calendar.getFirstPropertyValue('x-wr-calname') }));
