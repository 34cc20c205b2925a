//! What a server says: code, enhanced code, text.

pub mod class;
#[cfg(test)]
mod recorded;

/// The longest text that is kept of an answer, in characters.
const LONGEST: usize = 1_000;

/// A server's answer (RFC 5321, section 4.2), all its lines together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Three digits; 0 for the mailer's own word about something that never reached a server.
    pub code: u16,
    /// The enhanced code (RFC 3463), if the first line begins with one: class, subject, detail.
    pub enhanced: Option<(u16, u16, u16)>,
    /// The text of its lines, as they were said, parted by `\n`, at most 1,000 characters.
    pub text: String,
}

impl Reply {
    /// Puts an answer together from its code and the text of its lines.
    pub fn new(code: u16, text: &str) -> Self {
        let text: String = text.chars().take(LONGEST).collect();
        Self {
            code,
            enhanced: enhanced(&text).filter(|(class, ..)| *class == code / 100),
            text,
        }
    }

    /// The mailer's own word: why it did not even ask a server.
    pub fn ours(text: &str) -> Self {
        Self::new(0, text)
    }

    /// Whether it says yes.
    pub fn is_positive(&self) -> bool {
        (200..300).contains(&self.code)
    }

    /// The server's word for a message it took: what stands after `queued as`, `id=`, `Ok:` and the like; `None` where
    /// nothing looks like one.
    pub fn queue_id(&self) -> Option<String> {
        let lower = self.text.to_ascii_lowercase();
        let marks = [
            "queued as ",
            "queued mail for delivery [",
            "internalid=",
            "id=",
            "message-id=",
            "queueid:",
            "ok ",
        ];
        let rest = marks
            .iter()
            .find_map(|mark| lower.find(mark).map(|at| at + mark.len()))
            .and_then(|from| self.text.get(from..))?;
        let id: String = rest
            .chars()
            .skip_while(|letter| matches!(letter, '<' | ' '))
            .take_while(|letter| letter.is_ascii_alphanumeric() || "-_.@=+".contains(*letter))
            .take(100)
            .collect();
        Some(id).filter(|id| id.len() >= 4 && id.bytes().any(|letter| letter.is_ascii_digit()))
    }
}

/// Reads `5.1.1` at the beginning of a text.
fn enhanced(text: &str) -> Option<(u16, u16, u16)> {
    let word = text.split([' ', '\n', '\t']).next()?;
    let mut parts = word.split('.');
    let mut number = || {
        let part = parts.next()?;
        let fits =
            (1..=3).contains(&part.len()) && part.bytes().all(|digit| digit.is_ascii_digit());
        fits.then(|| part.parse().ok()).flatten()
    };
    let code = (number()?, number()?, number()?);
    (parts.next().is_none() && matches!(code.0, 2 | 4 | 5)).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_enhanced_code_counts_only_where_it_fits_the_code() {
        assert_eq!(
            Reply::new(550, "5.1.1 no such user").enhanced,
            Some((5, 1, 1))
        );
        assert_eq!(Reply::new(550, "4.7.1 later").enhanced, None);
        assert_eq!(Reply::new(550, "5.1.1.7 strange").enhanced, None);
        assert_eq!(Reply::new(250, "2.0.0 Ok").enhanced, Some((2, 0, 0)));
        assert_eq!(Reply::new(554, "5.7.1\nmore").enhanced, Some((5, 7, 1)));
    }

    #[test]
    fn the_servers_word_for_a_message_is_found() {
        for (text, id) in [
            ("2.0.0 Ok: queued as 4YkQ2s1zZ3z9", Some("4YkQ2s1zZ3z9")),
            (
                "OK id=1tXyZa-000000001Ab-2Cd3",
                Some("1tXyZa-000000001Ab-2Cd3"),
            ),
            (
                "2.6.0 <a@example.org> [InternalId=2130303778989, Hostname=X.example] Queued mail for delivery",
                Some("2130303778989"),
            ),
            (
                "2.0.0 OK 1732233445 d2e1a72fcca58-724de5 - gsmtp",
                Some("1732233445"),
            ),
            ("2.0.0 Message accepted", None),
        ] {
            assert_eq!(Reply::new(250, text).queue_id().as_deref(), id, "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_text_of_a_server_is_too_strange(code in 0_u16..1000, text in "\\PC{0,1200}") {
            let reply = Reply::new(code, &text);
            prop_assert!(reply.text.chars().count() <= 1_000);
            prop_assert!(reply.queue_id().is_none_or(|id| id.len() <= 100));
        }
    }
}
