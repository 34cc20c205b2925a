//! A Maildir on this machine: what a demo sends can be read there, and nothing leaves.

use super::{Ending, Fence, Outgoing};
use crate::error::MailerError;
use crate::reply::Reply;
use crate::reply::class::Class;
use redress_model::delivery::AttemptStage;
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::io;
use std::path::{Path, PathBuf};
use tokio::fs::{self, File};
use tokio::io::AsyncWriteExt;

/// A Maildir. A message is written whole under `tmp` and appears in `new` by one rename; its name comes from its bytes and its
/// envelope, so that the same one is never there twice.
#[derive(Debug)]
pub struct Outbox {
    directory: PathBuf,
}

impl Outbox {
    /// Makes the directories that are missing.
    pub async fn open(directory: &Path) -> Result<Self, MailerError> {
        for name in ["tmp", "new", "cur"] {
            fs::create_dir_all(directory.join(name))
                .await
                .map_err(MailerError::Outbox)?;
        }
        Ok(Self {
            directory: directory.to_owned(),
        })
    }

    /// Keeps a message. The rename is its dot.
    pub async fn send(&self, message: &Outgoing<'_>, fence: &dyn Fence) -> Ending {
        let name = name_of(message);
        let draft = self.directory.join("tmp").join(&name);
        if let Err(error) = write_whole(&draft, message).await {
            let failure = format!("the outbox cannot be written: {}", error.kind());
            return Ending::Broken {
                stage: AttemptStage::Data,
                failure,
            };
        }
        if !fence.may_pass().await {
            // What stays under `tmp` is nobody's mail; a later try writes over it.
            let _ = fs::remove_file(&draft).await;
            return Ending::Fenced;
        }
        match self.appear(&draft, &name).await {
            Ok(()) => Ending::Accepted(Reply::new(
                250,
                &format!("2.0.0 kept in the outbox, queued as {name}"),
            )),
            Err(error) => Ending::Refused {
                stage: AttemptStage::Dot,
                reply: Reply::new(
                    451,
                    &format!("4.3.0 the outbox cannot be written: {}", error.kind()),
                ),
                class: Class::DomainTrouble,
                has_passed: true,
            },
        }
    }

    async fn appear(&self, draft: &Path, name: &str) -> io::Result<()> {
        // Read or not, a message that is there is not put there again.
        let is_read =
            fs::try_exists(self.directory.join("cur").join(format!("{name}:2,S"))).await?;
        if is_read {
            return fs::remove_file(draft).await;
        }
        let new = self.directory.join("new");
        fs::rename(draft, new.join(name)).await?;
        File::open(&new).await?.sync_all().await
    }
}

async fn write_whole(draft: &Path, message: &Outgoing<'_>) -> io::Result<()> {
    let mut file = File::create(draft).await?;
    // As a final delivery does (RFC 5321, section 4.4): the envelope stands above the message.
    let envelope = format!(
        "Return-Path: <{}>\r\nDelivered-To: {}\r\n",
        message.sender, message.recipient
    );
    file.write_all(envelope.as_bytes()).await?;
    file.write_all(message.bytes).await?;
    file.sync_all().await
}

fn name_of(message: &Outgoing<'_>) -> String {
    let digest = Sha256::new()
        .chain_update(message.recipient)
        .chain_update([0])
        .chain_update(message.bytes)
        .finalize();
    digest
        .iter()
        .take(16)
        .fold(String::new(), |mut name, byte| {
            // Writing to a string does not fail.
            let _ = write!(name, "{byte:02x}");
            name
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transport::NoFence;
    use async_trait::async_trait;

    struct Shut;

    #[async_trait]
    impl Fence for Shut {
        async fn may_pass(&self) -> bool {
            false
        }
    }

    fn message(bytes: &[u8]) -> Outgoing<'_> {
        Outgoing {
            sender: "bounce@example.org",
            recipient: "mayor@city.example",
            bytes,
            envelope_id: None,
        }
    }

    fn count(directory: &Path, name: &str) -> usize {
        std::fs::read_dir(directory.join(name)).unwrap().count()
    }

    #[tokio::test]
    async fn a_message_lies_in_new_once_however_often_it_is_sent() {
        let directory = tempfile::tempdir().unwrap();
        let outbox = Outbox::open(directory.path()).await.unwrap();
        for _ in 0..3 {
            let ending = outbox
                .send(&message(b"Subject: a\r\n\r\nb\r\n"), &NoFence)
                .await;
            assert!(matches!(ending, Ending::Accepted(reply) if reply.is_positive()));
        }
        assert_eq!(
            (
                count(directory.path(), "new"),
                count(directory.path(), "tmp")
            ),
            (1, 0)
        );
    }

    #[tokio::test]
    async fn what_the_fence_holds_back_does_not_appear() {
        let directory = tempfile::tempdir().unwrap();
        let outbox = Outbox::open(directory.path()).await.unwrap();
        assert_eq!(outbox.send(&message(b"a\r\n"), &Shut).await, Ending::Fenced);
        assert_eq!(
            (
                count(directory.path(), "new"),
                count(directory.path(), "tmp")
            ),
            (0, 0)
        );
    }

    #[tokio::test]
    async fn an_outbox_that_cannot_be_written_is_an_answer_and_not_silence() {
        let directory = tempfile::tempdir().unwrap();
        let outbox = Outbox::open(directory.path()).await.unwrap();
        std::fs::remove_dir(directory.path().join("new")).unwrap();
        let ending = outbox.send(&message(b"a\r\n"), &NoFence).await;
        assert!(matches!(
            ending,
            Ending::Refused {
                class: Class::DomainTrouble,
                has_passed: true,
                ..
            }
        ));
    }
}
