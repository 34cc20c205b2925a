//! Everything that the mailer's process does, at once.

use crate::engine::Carried;
use crate::error::MailerError;
use crate::mailer::Mailer;
use crate::signers::Mailed;
use std::future::Future;
use tokio::sync::watch;
use tokio::time::sleep;

/// What became of letters and mails.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drained {
    /// Of letters to officials.
    pub letters: Carried,
    /// Of mails to signers.
    pub mails: Mailed,
}

impl Mailer {
    /// Freezes what was asked for, then sends everything that is due, mails first, whatever the hour and the pace, and ends.
    pub async fn drain(&self) -> Result<Drained, MailerError> {
        self.serve_requests().await?;
        let mails = self.drain_mails().await?;
        let letters = self.drain_letters().await?;
        Ok(Drained { letters, mails })
    }

    /// Freezes what is asked for, sends letters at the officials' pace and mails at once, and takes in what comes back, until `stop`
    /// is ready. Then what is past its intent is awaited, and the rest put back. A failure of one of the four stops the others in
    /// the same way.
    pub async fn run(&self, stop: impl Future<Output = ()>) -> Result<Drained, MailerError> {
        let (order, stopped) = watch::channel(false);
        let wait = |mut stopped: watch::Receiver<bool>| async move {
            // The sender lives as long as this function.
            let _ = stopped.wait_for(|is_stopping| *is_stopping).await;
        };
        let carry = async {
            let letters = self.run_letters(wait(stopped.clone()));
            let mails = self.run_mails(wait(stopped.clone()));
            let freezing = self.run_requests(wait(stopped.clone()));
            let coming = self.run_coming(wait(stopped.clone()));
            let ended = tokio::join!(
                told_by(&order, letters),
                told_by(&order, mails),
                told_by(&order, freezing),
                told_by(&order, coming),
            );
            let (letters, mails) = (ended.0?, ended.1?);
            ended.2?;
            ended.3?;
            Ok(Drained { letters, mails })
        };
        let stopping = async {
            stop.await;
            order.send_replace(true);
            std::future::pending::<()>().await;
        };
        tokio::select! {
            drained = carry => drained,
            () = stopping => Ok(Drained::default()),
        }
    }

    async fn run_requests(&self, stop: impl Future<Output = ()>) -> Result<(), MailerError> {
        let pause = std::time::Duration::from_secs(self.settings().poll_seconds.max(1));
        let serve = async {
            loop {
                match self.serve_requests().await {
                    Err(MailerError::Storage(error)) if !error.is_passing() => return error.into(),
                    Err(error) => tracing::warn!(error = %error, "requests to freeze wait"),
                    Ok(_) => {}
                }
                sleep(pause).await;
            }
        };
        tokio::select! {
            error = serve => Err(error),
            () = stop => Ok(()),
        }
    }
}

/// Tells the others to stop when one ends.
async fn told_by<T>(order: &watch::Sender<bool>, one: impl Future<Output = T>) -> T {
    let ended = one.await;
    order.send_replace(true);
    ended
}
