//! How far a mailbox was read.

use redress_storage::StorageResult;
use redress_storage::settings::Settings;

/// A place in a mailbox (RFC 3501, section 2.3.1.1): UIDs grow, as long as the mailbox keeps its UIDVALIDITY.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) validity: u32,
    pub(super) uid: u32,
}

impl Place {
    fn parse(text: &str) -> Option<Self> {
        let (validity, uid) = text.split_once(' ')?;
        Some(Self {
            validity: validity.parse().ok()?,
            uid: uid.parse().ok()?,
        })
    }

    fn write(self) -> String {
        format!("{} {}", self.validity, self.uid)
    }
}

/// The place of the last message that was taken, kept among the instance's settings.
pub(super) struct Cursor<'a> {
    settings: &'a dyn Settings,
    name: String,
    at: Place,
}

impl<'a> Cursor<'a> {
    /// Where reading goes on; at the beginning of a mailbox that was never read or counts anew.
    pub(super) async fn find(
        settings: &'a dyn Settings,
        name: String,
        validity: u32,
    ) -> StorageResult<Self> {
        let kept = settings.find_setting(&name).await?;
        let kept = kept.as_deref().and_then(Place::parse);
        if kept.is_some_and(|kept| kept.validity != validity) {
            tracing::warn!("the mailbox counts its messages anew: it is read from the beginning");
        }
        let uid = kept
            .filter(|kept| kept.validity == validity)
            .map_or(0, |kept| kept.uid);
        Ok(Self {
            settings,
            name,
            at: Place { validity, uid },
        })
    }

    pub(super) fn uid(&self) -> u32 {
        self.at.uid
    }

    /// The place of a message of this mailbox.
    pub(super) fn place_of(&self, uid: u32) -> Place {
        Place { uid, ..self.at }
    }

    /// Goes on to a message that was taken, durably.
    pub(super) async fn move_to(&mut self, uid: u32) -> StorageResult<()> {
        self.at.uid = uid;
        let text = self.at.write();
        self.settings.record_setting(&self.name, &text).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_reads_as_it_was_written_and_what_is_none_is_none() {
        let place = Place {
            validity: u32::MAX,
            uid: 7,
        };
        assert_eq!(Place::parse(&place.write()), Some(place));
        for strange in ["", "7", "7 ", " 7", "a 7", "7 -1", "7 4294967296", "1 2 3"] {
            assert_eq!(Place::parse(strange), None, "{strange}");
        }
    }
}
