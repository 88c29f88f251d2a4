//! The user's command: started without a shell, fed on its standard input, ended when it takes too long.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

/// Bytes of its standard error that are read for the notice of a failure.
const COMPLAINT: u64 = 4 * 1024;

/// Why a command did not do its work.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failed {
    /// It could not be started.
    #[error("{program} cannot be started: {why}")]
    Start {
        /// The program.
        program: String,
        /// The system's words.
        why: String,
    },
    /// It ended with another status than 0.
    #[error("{program} ended with {status}{complaint}")]
    Status {
        /// The program.
        program: String,
        /// How it ended.
        status: String,
        /// The first line of its standard error, after `: `, or nothing.
        complaint: String,
    },
    /// It was killed, and all that it had started in its process group.
    #[error("{program} was killed after {}s", timeout.as_secs())]
    TimedOut {
        /// The program.
        program: String,
        /// How long it had.
        timeout: Duration,
    },
}

/// Runs `command`, a program and its arguments, with `input` on its standard input, for at most `timeout`.
///
/// # Errors
/// Where it cannot be started, ends with another status than 0, or takes too long.
pub async fn run(command: &[String], input: &str, timeout: Duration) -> Result<(), Failed> {
    let Some((program, arguments)) = command.split_first() else { return Ok(()) };
    let program = program.clone();
    let mut child = Command::new(&program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        // Its own group: a signal at the terminal is not for it, and what it starts can be ended with it.
        .process_group(0)
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| Failed::Start { program: program.clone(), why: error.to_string() })?;
    let group = child.id();
    match tokio::time::timeout(timeout, converse(&mut child, input)).await {
        Ok(Ok((status, _))) if status.success() => Ok(()),
        Ok(Ok((status, complaint))) => {
            let line = complaint.lines().find(|line| !line.trim().is_empty()).map(|line| format!(": {}", line.trim()));
            Err(Failed::Status { program, status: status.to_string(), complaint: line.unwrap_or_default() })
        }
        Ok(Err(error)) => Err(Failed::Start { program, why: error.to_string() }),
        Err(_) => {
            end(group);
            // It is dead by now; waiting takes it out of the process table.
            child.kill().await.ok();
            Err(Failed::TimedOut { program, timeout })
        }
    }
}

/// Feeds a command and waits for its end and for what it complains of.
async fn converse(child: &mut Child, input: &str) -> std::io::Result<(ExitStatus, String)> {
    let (stdin, stderr) = (child.stdin.take(), child.stderr.take());
    let feed = async {
        if let Some(mut stdin) = stdin {
            // A command that does not read its input is not at fault.
            stdin.write_all(input.as_bytes()).await.ok();
        }
    };
    let listen = async {
        let mut bytes = Vec::new();
        if let Some(stderr) = stderr {
            let mut first = stderr.take(COMPLAINT);
            first.read_to_end(&mut bytes).await.ok();
            // The rest is thrown away, so that a talkative command does not get stuck.
            tokio::io::copy(&mut first.into_inner(), &mut tokio::io::sink()).await.ok();
        }
        String::from_utf8_lossy(&bytes).into_owned()
    };
    let (status, (), complaint) = tokio::join!(child.wait(), feed, listen);
    Ok((status?, complaint))
}

/// Kills a process group.
fn end(group: Option<u32>) {
    let group = group.and_then(|id| i32::try_from(id).ok()).and_then(rustix::process::Pid::from_raw);
    if let Some(group) = group {
        // It may have ended meanwhile.
        rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
    }
}
