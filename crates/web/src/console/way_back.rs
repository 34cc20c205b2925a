//! Where a login leads: to a page of the console on this host, and nowhere else.

/// The longest path taken along.
const LONGEST: usize = 512;

/// Whether a path is one of the console's pages. What a browser could read as another host, or as another part of this one,
/// is not.
pub(crate) fn is_good(path: &str) -> bool {
    let Some(rest) = path.strip_prefix("/console") else {
        return false;
    };
    let bare = rest.split('?').next().unwrap_or_default();
    path.len() <= LONGEST
        && (rest.is_empty() || rest.starts_with(['/', '?']))
        && rest.bytes().all(|byte| byte.is_ascii_graphic())
        && !rest.contains(['\\', '#'])
        && !bare.contains("//")
        && !bare.to_ascii_lowercase().contains("%2e")
        && !bare.split('/').any(|part| part == "." || part == "..")
        && !matches!(bare, "/login" | "/logout")
}

/// The path, or the console's first page.
pub(crate) fn or_home(path: &str) -> &str {
    if is_good(path) { path } else { "/console" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_pages_of_the_console_are_ways_back() {
        for path in [
            "/console",
            "/console?after=1",
            "/console/p/forbid-it/places",
            "/console/audit?before=20",
        ] {
            assert_eq!(or_home(path), path);
        }
        for path in [
            "",
            "/",
            "/p/forbid-it",
            "/consoles",
            "//other.example/console",
            "https://other.example/console",
            "/console//other.example",
            "/console/\\other.example",
            "/console/../p/forbid-it",
            "/console/%2e%2E/p",
            "/console/login",
            "/console/logout",
            "/console/\r\nset-cookie: a=b",
            "/console/ü",
        ] {
            assert_eq!(or_home(path), "/console", "{path}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_the_way_back_is_on_this_host(path in ".{0,60}") {
            prop_assert!(or_home(&path).starts_with("/console"));
        }
    }
}
