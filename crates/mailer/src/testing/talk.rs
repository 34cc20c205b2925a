//! One conversation of the relay.

use super::line::Line;
use super::{Act, Dot, Moment, Shared};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::io;
use std::net::TcpStream;

struct Talk<'a> {
    line: Line,
    shared: &'a Shared,
    number: usize,
    user: Option<String>,
    /// Whether the last answer was a yes.
    has_agreed: bool,
}

pub(super) fn talk(stream: TcpStream, shared: &Shared, number: usize) -> io::Result<()> {
    let mut line = Line::new(stream)?;
    if shared.manner.is_tls_from_the_start {
        line.encrypt(shared.manner.tls.as_ref())?;
    }
    let mut talk = Talk {
        line,
        shared,
        number,
        user: None,
        has_agreed: false,
    };
    if !talk.say(Moment::Greeting, "220 judge.example ESMTP\r\n")? {
        return Ok(());
    }
    // Of the message at hand, as far as it was agreed to.
    let (mut mail, mut rcpt) = (None, None);
    while let Some(line) = talk.line.read()? {
        let verb = line
            .split([' ', ':'])
            .next()
            .unwrap_or_default()
            .to_ascii_uppercase();
        let goes_on = match verb.as_str() {
            "EHLO" | "HELO" => talk.hello(&verb)?,
            "STARTTLS" if shared.manner.tls.is_some() => {
                let goes_on = talk.say(Moment::Secure, "220 go ahead\r\n")?;
                talk.line.encrypt(shared.manner.tls.as_ref())?;
                goes_on
            }
            "AUTH" => talk.login(&line)?,
            "MAIL" if shared.manner.login.is_some() && talk.user.is_none() => {
                talk.write("530 5.7.0 Authentication required\r\n")?;
                true
            }
            "MAIL" => {
                let goes_on = talk.say(Moment::Sender, "250 2.1.0 Ok\r\n")?;
                mail = Some(line).filter(|_| talk.has_agreed);
                goes_on
            }
            "RCPT" if mail.is_none() => {
                talk.write("503 5.5.1 Error: need MAIL command\r\n")?;
                true
            }
            "RCPT" => {
                let goes_on = talk.say(Moment::Recipient, "250 2.1.5 Ok\r\n")?;
                rcpt = Some(line).filter(|_| talk.has_agreed);
                goes_on
            }
            "DATA" if rcpt.is_none() && !shared.manner.asks_anyway => {
                talk.write("554 5.5.1 Error: no valid recipients\r\n")?;
                true
            }
            "DATA" => {
                let (mail, rcpt) = (mail.take(), rcpt.take());
                talk.data(&mail.unwrap_or_default(), &rcpt.unwrap_or_default())?
            }
            "RSET" => {
                (mail, rcpt) = (None, None);
                talk.say(Moment::Reset, "250 2.0.0 Ok\r\n")?
            }
            "QUIT" => {
                talk.write("221 2.0.0 Bye\r\n")?;
                false
            }
            _ => {
                talk.write("502 5.5.2 Error: command not recognized\r\n")?;
                true
            }
        };
        if !goes_on {
            break;
        }
    }
    Ok(())
}

impl Talk<'_> {
    /// Answers as ordered; `false` when it is to hang up.
    fn say(&mut self, moment: Moment, healthy: &str) -> io::Result<bool> {
        match self.shared.act(moment) {
            Act::Go => self.write(healthy)?,
            Act::Say(code, text) | Act::TakeAndSay(code, text) => {
                self.write(&format!("{code} {text}\r\n"))?;
            }
            Act::Wait(time) => {
                std::thread::sleep(time);
                self.write(healthy)?;
            }
            Act::HangUp | Act::TakeAndHangUp | Act::TakeAndWait(_) => return Ok(false),
        }
        Ok(true)
    }

    fn hello(&mut self, verb: &str) -> io::Result<bool> {
        let mut lines = vec!["judge.example".to_owned()];
        if verb == "EHLO" {
            lines.extend(self.shared.manner.extensions.iter().cloned());
            if self.shared.manner.tls.is_some() && !self.line.is_encrypted() {
                lines.push("STARTTLS".to_owned());
            }
        }
        let last = lines.len() - 1;
        let answer: Vec<String> = (0..)
            .zip(&lines)
            .map(|(index, line)| format!("250{}{line}\r\n", if index == last { ' ' } else { '-' }))
            .collect();
        self.say(Moment::Hello, &answer.concat())
    }

    /// PLAIN and LOGIN, as RFC 4954 shows them.
    fn login(&mut self, line: &str) -> io::Result<bool> {
        let read = |word: &str| {
            let bytes = STANDARD.decode(word.trim()).unwrap_or_default();
            String::from_utf8_lossy(&bytes).into_owned()
        };
        let mut words = line.split(' ').skip(1);
        let said = match words.next() {
            Some("PLAIN") => {
                let both = read(words.next().unwrap_or_default());
                let mut parts = both.splitn(3, '\0').skip(1).map(str::to_owned);
                parts.next().zip(parts.next())
            }
            Some("LOGIN") => {
                self.write("334 VXNlcm5hbWU6\r\n")?;
                let user = self.line.read()?.unwrap_or_default();
                self.write("334 UGFzc3dvcmQ6\r\n")?;
                let password = self.line.read()?.unwrap_or_default();
                Some((read(&user), read(&password)))
            }
            _ => None,
        };
        if said.is_none() || said != self.shared.manner.login {
            self.write("535 5.7.8 Authentication credentials invalid\r\n")?;
            return Ok(true);
        }
        let goes_on = self.say(Moment::Login, "235 2.7.0 Authentication successful\r\n")?;
        self.user = said.map(|(user, _)| user);
        Ok(goes_on)
    }

    fn data(&mut self, mail: &str, rcpt: &str) -> io::Result<bool> {
        match self.shared.act(Moment::Data) {
            Act::Go => {}
            Act::Say(code, text) => {
                self.write(&format!("{code} {text}\r\n"))?;
                return Ok(true);
            }
            Act::Wait(time) => std::thread::sleep(time),
            _ => return Ok(false),
        }
        self.write("354 End data with <CR><LF>.<CR><LF>\r\n")?;
        if self.shared.act(Moment::Body) == Act::HangUp {
            return Ok(false);
        }
        let Some(bytes) = self.body()? else {
            return Ok(false);
        };
        let act = self.shared.act(Moment::Dot);
        let is_taken = !matches!(act, Act::Say(..) | Act::HangUp);
        self.shared.record(Dot {
            mail: mail.to_owned(),
            rcpt: rcpt.to_owned(),
            bytes,
            is_taken,
            connection: self.number,
            is_encrypted: self.line.is_encrypted(),
            user: self.user.clone(),
        });
        match act {
            Act::Go => self.write("250 2.0.0 Ok: queued as 4JUDGE0001\r\n")?,
            Act::Say(code, text) | Act::TakeAndSay(code, text) => {
                self.write(&format!("{code} {text}\r\n"))?;
            }
            Act::Wait(time) => {
                std::thread::sleep(time);
                self.write("250 2.0.0 Ok: queued as 4JUDGE0002\r\n")?;
            }
            Act::TakeAndWait(time) => {
                std::thread::sleep(time);
                return Ok(false);
            }
            Act::HangUp | Act::TakeAndHangUp => return Ok(false),
        }
        Ok(true)
    }

    /// Up to the dot; `None` when the client hung up before it: no message.
    fn body(&mut self) -> io::Result<Option<Vec<u8>>> {
        let mut body = Vec::new();
        loop {
            let line = self.line.read_bytes()?;
            if !line.ends_with(b"\r\n") {
                return Ok(None);
            }
            if line == b".\r\n" {
                return Ok(Some(body));
            }
            body.extend_from_slice(line.strip_prefix(b".").unwrap_or(&line));
        }
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.has_agreed = text.starts_with('2');
        self.line.write(text.as_bytes())
    }
}
