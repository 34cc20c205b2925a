//! How a message is read.

use redress_letters::parts::MessageParts;

/// A message as one text: subject, text, HTML.
pub fn whole(parts: &MessageParts) -> String {
    let rule = "-".repeat(72);
    format!(
        "{}\n{rule}\n{}{rule}\n{}",
        parts.subject, parts.text, parts.html
    )
}

/// The words that a reader of HTML sees in its body, without dashes that stand alone.
pub fn seen_words(html: &str) -> Vec<String> {
    let body = html.split_once("<body").map_or(html, |(_, body)| body);
    let mut seen = String::new();
    for piece in body.split('<').skip(1) {
        let (_, after) = piece.split_once('>').unwrap_or(("", piece));
        seen.push(' ');
        seen.push_str(after);
    }
    for (entity, character) in [
        ("&#60;", "<"),
        ("&#62;", ">"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#38;", "&"),
    ] {
        seen = seen.replace(entity, character);
    }
    text_words(&seen)
}

/// The words that a reader of the text sees; the dashes before points are the HTML's bullets.
pub fn text_words(text: &str) -> Vec<String> {
    text.split_whitespace()
        .filter(|word| *word != "-")
        .map(str::to_owned)
        .collect()
}
