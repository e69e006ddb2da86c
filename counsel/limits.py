"""Every number that limits something, each with its reason. Units are in the names or the line."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

# --- the wire ------------------------------------------------------------------------------

WIRE_VERSION: Final = 4
"""Raised when a frame changes its layout; an older page is asked to reload."""

SIZES: Final = (384, 1024, 2048, 8192, 32768)
"""Bytes of every socket message and HTTP body. Five, so that length says nothing about words:
384 carries a short message of either language in 392 bytes on the socket; 32,768 a long one."""

MAX_SOCKET_MESSAGE: Final = 65536
"""Bytes after which the socket itself is closed (1009); twice the largest size, never legal."""

MAX_BODY: Final = 1024 * 1024
"""Bytes of an HTTP body the front proxy lets through; ours are `SIZES` and end far earlier."""

MAX_SEALED: Final = 28_672
"""Bytes of one sealed envelope: 32,768 less frame, duty statements and room to grow."""

MAX_CHANGE: Final = 12_000
"""Bytes of a commit that lets somebody in, and of its Welcome; ours are about 2,000 with three people."""

MAX_KEY_PACKAGE: Final = 1_500
"""Bytes of one key package; ours are about 450."""

MAX_STATEMENT: Final = 1_200
"""Bytes of one signed statement; ours are 270 to 520."""

MAX_STATEMENTS: Final = 3_600
"""Bytes of the duty statements beside a Welcome: three people's, each with its issuer's."""

REQUEST: Final = 64
"""Bytes of what leaves a phone to find it somebody: always as many, whatever was answered."""

MAX_STANDING: Final = 32
"""Bytes of what somebody who waits is told about the queue."""

MAX_BEAT: Final = 300
"""Bytes of a sealed sign of typing, so that it fits the smallest size."""

MAX_FRAMES: Final = 16
"""Frames one message may bundle: enough for a reconnect's worth of commands."""

KEY_PACKAGES: Final = 3
"""One-use key packages a phone leaves: one for each listener in turn before it wakes again."""

MAX_KEY_PACKAGES: Final = 8
"""One-use key packages kept for a session; more is a mistake or an attack."""

MAX_TOPICS: Final = 4
"""Topics one seeker may name: they order a list, they are no questionnaire."""

LETTER: Final = 4096
"""Bytes of every sealed letter of a referral, whatever it says: a page of approved lines fits."""

LETTERS: Final = 60
"""Letters of one referral: questions and answers of weeks; more is a mistake or an attack."""

DESK_DEVICES: Final = 6
"""Certified browsers of one desk a letter is sealed to; with the seeker's key they fit its slots."""

REFERRALS_SHOWN: Final = 60
"""Referrals one desk's page lists, the soonest deadline first; the rest is a number."""

POOL_PER_DESK: Final = 60
"""Letters to one desk a process holds until the next mixing: 240 KiB; no desk's flood is another's."""

POOL_PER_REFERRAL: Final = 2
"""Letters of one referral among them."""

# --- rates and patience ---------------------------------------------------------------------

HEAR_EVERY: Final = timedelta(seconds=1)
"""How often a process looks for news itself, so that a lost doorbell costs a second, not a talk."""

POLL_FOR: Final = timedelta(seconds=20)
"""How long a long poll is held: below the 30 s after which many mobile gateways cut."""

SEND_BURST: Final = 30
SEND_PER_SECOND: Final = 2.0
"""A person types one or two messages a second at the very most; a reconnect resends a burst."""

UNSENT_FRAMES: Final = 64
"""Messages waiting for a socket that does not read before it is closed: 2 MiB at the worst."""

UNREAD_FRAMES: Final = 32
"""Messages of one socket waiting for us before we stop reading from it."""

BEHIND_FOR: Final = timedelta(seconds=8)
"""How long a socket may wait for us with its queue full before it is closed. It may come back."""

READ_WITHIN: Final = timedelta(seconds=20)
"""How long a client may leave what we sent unread before it is cut; no phone's pause is longer."""

PING_EVERY: Final = timedelta(seconds=12)
PONG_WITHIN: Final = timedelta(seconds=15)
"""A socket whose other end is gone is found within 30 s, and the next one heals by reading on."""

FRAGMENTS: Final = 16
"""Pieces one socket message may come in. Browsers send one; a thousand empty ones fill memory."""

REQUEST_WITHIN: Final = timedelta(seconds=20)
"""How long a request may take to arrive whole when no proxy in front of us cuts slow ones."""

START_PER_MINUTE: Final = 60
"""New sessions one process admits a minute; nobody is refused by address, ever."""

MIX_EVERY: Final = timedelta(minutes=10)
"""How often letters that came are written, all at once, in no order: a letter alone would stand out."""

MIX_WHERE_PUBLIC: Final = timedelta(minutes=5)
"""The least `MIX_EVERY` may say where the public comes."""

RETAIN_REFERRAL_FOR: Final = timedelta(days=30)
"""How long an ended referral stays, so that a phone that is rarely opened still learns of its end."""

COUNT_FROM: Final = 10
"""The least number a desk's count is shown as; below it only that it is fewer (design.md, posters)."""

# --- people ----------------------------------------------------------------------------------

TALKS_AT_MOST: Final = 2
"""Talks one counsellor may hold at once, raised from one (clinical.md 3: two at most; people.md 16)."""

OFFER_FOR: Final = timedelta(seconds=30)
"""How long somebody is offered to one counsellor: time to read four lines and breathe."""

OFFERS_APART: Final = timedelta(seconds=60)
"""After an offer that was passed or lapsed, the next one: nobody is pressed."""

REST_AFTER_RED: Final = timedelta(minutes=15)
"""No new person after a red (clinical.md section 3: a cool-down of 15 minutes)."""

NOBODY_NEW_BEFORE_END: Final = timedelta(minutes=15)
"""The last minutes of a shift bring nobody new: no talk begins that a good-bye would cut."""

BOARD_ROWS: Final = 40
"""Waiting people the board lists; the rest is a number."""

BOARD_DANGERS: Final = 20
"""Open escalations, or helps under way, a board lists; with more, the longest ones are what is looked at."""

BOARD_VISITS: Final = 4
"""Supervisors who ask to come in that a board lists: each fills one talk, and one holds few."""

VISIT_ASKED_FOR: Final = timedelta(seconds=30)
"""How long an unanswered wish to come in stands; then somebody takes over instead (flow 4)."""

PLACE_KEPT_FOR: Final = timedelta(hours=2)
"""How long a place given for help stays on its two devices, if nobody arrives before (people.md 8)."""

DANGER_DONE: Final = 8
"""Of what people did about one escalation, the latest a board shows."""

BOARD_STAFF: Final = 60
"""People on duty a supervisor's board lists: more than any room of one shift."""

WAITS_KEPT_FOR: Final = timedelta(hours=26)
"""How long counts of waits are kept: a day of any time zone, for today's plot."""

MISTAKE_WITHIN: Final = timedelta(seconds=60)
"""How long the danger button can be called a mistake (people.md 5: 60 s)."""

PRESENT_WITHIN: Final = timedelta(seconds=40)
"""A phone that said nothing for this long counts as gone: two heartbeats of 15 s and a margin."""

CALLING_FOR: Final = timedelta(minutes=10)
"""Who said that they call, or whose phone is locked, is not gone for so long (people.md 4)."""

HEARTBEAT_EVERY: Final = timedelta(seconds=15)
"""How often a client says that it is here."""

KEEP_PLACE_FOR: Final = timedelta(minutes=10)
"""A phone silent for so long is passed over until it speaks again; its place stays (people.md, waiting)."""

SILENT_COUNSELLOR_AFTER: Final = timedelta(minutes=3)
"""After this the clock returns the session to the front (people.md 19); a red: `escalation/timers.json`."""

SILENT_WHERE_PUBLIC: Final = (timedelta(seconds=30), timedelta(minutes=10))
"""What `SILENT_AFTER` may say where the public comes: a phone's longest pause, and our longest patience."""

RETAIN_CLOSED_FOR: Final = timedelta(hours=48)
"""How long the sealed words of an ended talk stay, so that a phone that was off can read the end."""

RETAIN_UNTOUCHED_FOR: Final = timedelta(days=7)
"""An open session nobody came back to: erased then, whatever its state."""

SIGN_IN_FAILURES: Final = 5
"""Failures after which a staff name has to wait; the name is slowed, never an address."""

SIGN_IN_WAIT: Final = timedelta(minutes=1)
"""How long it waits then, doubled by each further failure: a code has a million values only."""

SIGN_IN_WAIT_AT_MOST: Final = timedelta(minutes=15)
"""The longest wait: about a hundred guesses a day, while a person who mistyped still gets in."""

SIGN_IN_FORGIVEN_AFTER: Final = timedelta(hours=1)
"""Failures of a name are forgotten after so much quiet, or by signing in."""

SIGN_IN_AT_ONCE: Final = 2
"""Passwords one process hashes at a time: each takes 16 MiB and a core, whoever asks."""

STAFF_IDLE_AFTER: Final = timedelta(minutes=30)
"""A staff login nobody used for this long is over (security.md section 3)."""

STAFF_SIGNED_IN_AT_MOST: Final = timedelta(hours=12)
"""A staff login is over after this, used or not."""

SIGN_IN_QUEUE_FOR: Final = timedelta(seconds=5)
"""How long a sign-in waits for its turn to hash before it is told to come again."""

PASSWORD_LEAST: Final = 12
"""Characters of a password: a short sentence. Nothing is asked of its kinds of letters."""

PASSWORD_BESIDE_NAMES: Final = 8
"""Characters a password still has to have when its owner's names are taken out of it."""

PASSWORD_VARIETY: Final = 5
"""Different characters among those: one key held down is no password."""

RECOVERY_CODES: Final = 10
"""One-time codes on a paper, for the evening the phone is gone."""

PASSKEYS: Final = 8
"""Passkeys one person may have: phone, laptop, security keys, and their spares."""

PASSKEY_WITHIN: Final = timedelta(minutes=5)
"""How long a browser has to answer with a passkey: finding the security key takes a while."""

INVITED_FOR: Final = timedelta(hours=72)
"""How long a link to join is good: a weekend."""

RESET_FOR: Final = timedelta(hours=24)
"""How long a reset waits for its second person, and then its link for the one it is about."""

TRUSTED_AFTER: Final = timedelta(hours=24)
"""Who joined less than a day ago is no second person: no puppet made for the purpose."""

JOINING_WITHIN: Final = timedelta(hours=12)
"""A browser remembers the secret it showed for a link: for whoever puts the phone away in between."""

INVITATIONS: Final = 40
"""Open links and asked resets at a time: more than an induction evening needs, and they fit one page."""

HOTLINES: Final = 30
"""Numbers an organisation may list beside the national ones."""

DEVICE_CERTIFIED_FOR: Final = timedelta(days=90)
"""The longest a device certificate may run (encryption.md, who is who, 1)."""

DEVICE_RENEWED_WITHIN: Final = timedelta(days=14)
"""From when on a browser asks for its next card: two weeks of shifts to meet somebody who issues."""

DEVICES_WAITING: Final = 4
"""Browsers of one person that may wait for a card: a laptop, a second one, and two mistakes."""

DUTY_BEFORE: Final = timedelta(minutes=15)
"""A duty statement begins so long before it is signed: clocks differ."""

DUTY_AT_MOST: Final = timedelta(hours=4, minutes=30)
"""The longest a duty statement may run: a shift of four hours, a quarter-hour on either side."""

CHECKPOINT_ROWS: Final = 100
CHECKPOINT_EVERY: Final = timedelta(minutes=1)
"""How much of the trail, in rows or time, may still be rewritten unseen (security.md section 3)."""

CHECKPOINT_WITHIN: Final = timedelta(minutes=2)
"""How old a trail that nobody vouches for may be before live closes: a minute, and one for the disk."""

TRAIL_ROWS: Final = 50
"""Entries of one page of the trail."""

EXPORT_ROWS: Final = 20_000
"""Entries of one export: a year of a small site. More is exported in parts: by day, by person."""

# --- the rota and the door -------------------------------------------------------------------

SHIFT_AT_MOST: Final = timedelta(hours=4)
"""The longest anybody stands on end: listening wears people out, and tired ears miss what matters."""

SHIFTS_APART: Final = timedelta(minutes=30)
"""Shifts of one person with less between them count as one: a rest shorter than a meal is none."""

CHECK_IN_FROM: Final = timedelta(minutes=15)
"""How long before a shift somebody may check in: time to arrive and read what was left for them."""

CHECK_OUT_AFTER: Final = timedelta(minutes=15)
"""How long after its end the clock checks somebody out: time for a good-bye, not for a new talk."""

MISSED_AFTER: Final = timedelta(minutes=15)
"""How long after its start a shift nobody checked in for counts as missed; a late train still makes it."""

DEBRIEF_FOR: Final = timedelta(minutes=15)
"""How long a debrief lasts before the next "ready" (people.md 16: a booked quarter-hour)."""

STAFF_GONE_AFTER: Final = timedelta(minutes=2)
"""A supervisor, or a listener, whose board said nothing for so long is gone (people.md 1: two minutes)."""

STAFF_ON: Final = 2
"""People who are on before anybody is let in, the supervisor among them (people.md 1: two)."""

HOTLINE_CALLED_WITHIN: Final = timedelta(days=30)
"""How long a test call to a number counts (people.md 1: thirty days)."""

HOTLINE_DUE_FROM: Final = timedelta(days=25)
"""From when on the page says that the next test call is due: five days to find the time for it."""

RECEIVERS: Final = 6
"""Ways to reach one person, or the lead: a telephone, a mail box, two robots, and a spare."""

SHIFT_PLACES: Final = 9
"""Places one plan makes of each shift; a room of more is planned twice."""

SHIFT_WEEKS: Final = 12
"""Weeks one plan goes on for: a quarter, so that somebody looks at it again."""

ROTA_DAYS: Final = 14
"""Days of the rota one question is answered: this week and the next."""

STAFFING_AT_ONCE: Final = 2
"""Questions about a rota one process answers at a time: each takes a core for some seconds."""

STAFFING_WITHIN: Final = timedelta(seconds=60)
"""How long one of them may take before it is broken off: an answer takes a few seconds."""

STAFFING_KEPT_FOR: Final = timedelta(minutes=10)
"""How long an answer is kept for a page that looks again."""

# --- the directory ---------------------------------------------------------------------------

DIRECTORY_STALE_AFTER: Final = timedelta(days=90)
"""An entry nobody vouched for since is shown in grey (clinical.md section 6.2: 90 days)."""

DIRECTORY_HIDDEN_AFTER: Final = timedelta(days=180)
"""And after this is not shown any more (clinical.md section 6.2: 180 days)."""

MAX_DIRECTORY: Final = 16 * 1024 * 1024
"""Bytes a phone reads of a province's directory: four times that of ten thousand services."""

DIRECTORY_PAGE: Final = 30
"""Services of one answer to staff: they fit one body, and nobody reads more at a time."""
