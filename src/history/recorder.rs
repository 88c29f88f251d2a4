//! The thread that writes the history down, and tells what others have written.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use super::database::{Bounds, Database};
use super::location::Location;
use super::mailbox::Mailbox;
use super::trouble::Trouble;
use crate::app::msg::Update;
use crate::store::episode::Entry;

/// How often it is looked for what other consoles have written.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How long to wait before the database is tried again.
const RETRY: Duration = Duration::from_secs(5);

/// Tells the loop something; `false` once nobody listens any more.
type Tell = Box<dyn FnMut(Update) -> bool + Send>;

/// Takes what is to be kept and has it written by a thread of its own.
#[derive(Debug)]
pub struct Recorder {
    mailbox: Arc<Mailbox>,
    /// Closed when the thread has ended.
    ended: Receiver<()>,
}

impl Recorder {
    /// Starts it for an account and region. What is known of them is told first, and again when another process has
    /// written; so is why nothing can be kept, and when that is over.
    ///
    /// # Errors
    /// Where the system gives no thread.
    pub fn start(location: Location, bounds: Bounds, place: (String, String), tell: Tell) -> io::Result<Self> {
        let mailbox = Arc::new(Mailbox::default());
        let (end, ended) = sync_channel(0);
        let scribe = Scribe { location, bounds, place, tell, mailbox: Arc::clone(&mailbox), told: None, _end: end };
        thread::Builder::new().name("history".to_owned()).spawn(|| scribe.run())?;
        Ok(Self { mailbox, ended })
    }

    /// What takes entries, for the Runner. It never waits.
    pub fn keep(&self) -> Box<dyn FnMut(Entry) + Send> {
        let mailbox = Arc::clone(&self.mailbox);
        Box::new(move |entry| mailbox.put(entry))
    }

    /// Has all that was taken written, for at most `deadline`; returns whether it was.
    pub fn close(self, deadline: Duration) -> bool {
        self.mailbox.close();
        self.ended.recv_timeout(deadline) != Err(RecvTimeoutError::Timeout)
    }
}

/// The thread's own.
struct Scribe {
    location: Location,
    bounds: Bounds,
    place: (String, String),
    tell: Tell,
    mailbox: Arc<Mailbox>,
    /// The trouble that was last told.
    told: Option<String>,
    /// Dropped with the thread.
    _end: SyncSender<()>,
}

impl Scribe {
    fn run(mut self) {
        loop {
            let trouble = match Database::open(&self.location, self.bounds) {
                Ok(mut database) => match self.keep(&mut database) {
                    Ok(()) => return,
                    Err(trouble) => trouble,
                },
                Err(trouble) => trouble,
            };
            let over = trouble.is_final();
            let heard = self.say(Some(trouble.to_string()));
            // At the end there is no other try: the console is leaving.
            if over || !heard || self.mailbox.rest(RETRY) {
                self.mailbox.abandon();
                return;
            }
        }
    }

    /// Writes and looks until no more will come.
    fn keep(&mut self, database: &mut Database) -> Result<(), Trouble> {
        self.tell_all(database)?;
        self.say(None);
        loop {
            let taken = self.mailbox.take(LOOK_EVERY);
            if taken.lost > 0 {
                let lost = taken.lost;
                self.say(Some(format!("{lost} entries of the history are lost: the disk took none for too long")));
            }
            if !taken.entries.is_empty()
                && let Err(trouble) = database.write(&taken.entries)
            {
                self.mailbox.put_back(taken.entries);
                return Err(trouble);
            }
            if taken.closed {
                return Ok(());
            }
            if database.changed()? {
                self.tell_all(database)?;
            }
        }
    }

    fn tell_all(&mut self, database: &Database) -> Result<(), Trouble> {
        let entries = database.read(&self.place.0, &self.place.1)?;
        (self.tell)(Update::History(entries));
        Ok(())
    }

    /// Tells of trouble, once; whether somebody listens.
    fn say(&mut self, trouble: Option<String>) -> bool {
        if trouble == self.told {
            return true;
        }
        self.told.clone_from(&trouble);
        (self.tell)(Update::HistoryTrouble(trouble))
    }
}
