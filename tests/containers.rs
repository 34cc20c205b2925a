//! The compose file: it is YAML that stands, and what its containers run is what the program takes.

#![expect(clippy::unwrap_used, reason = "what fails to unwrap fails the test")]

use redress_tests::program::done;
use yaml_rust2::{Yaml, YamlLoader};

fn compose() -> Yaml {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docker-compose.yml");
    let text = std::fs::read_to_string(path).unwrap();
    YamlLoader::load_from_str(&text)
        .unwrap_or_else(|error| panic!("docker-compose.yml: {error}"))
        .remove(0)
}

fn words(list: &Yaml) -> Vec<String> {
    list.as_vec()
        .map(|words| {
            words
                .iter()
                .map(|word| word.as_str().unwrap().to_owned())
                .collect()
        })
        .unwrap_or_default()
}

/// Services that run our own image, with their commands.
fn commands(compose: &Yaml) -> Vec<(String, Vec<String>)> {
    let services = compose["services"].as_hash().unwrap();
    services
        .iter()
        .map(|(name, service)| {
            (
                name.as_str().unwrap().to_owned(),
                words(&service["command"]),
            )
        })
        .filter(|(_, command)| !command.is_empty())
        .collect()
}

#[test]
fn every_container_runs_a_command_with_options_that_the_program_has() {
    let commands = commands(&compose());
    let names: Vec<&str> = commands.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["web", "mailer", "upkeep"]);
    for (name, command) in &commands {
        let help = done([command[0].as_str(), "--help"]);
        for option in &command[1..] {
            let flag = option.split('=').next().unwrap();
            assert!(
                help.contains(flag),
                "{name}: `redress {}` has no {flag}",
                command[0]
            );
        }
    }
}

#[test]
fn networks_volumes_and_secrets_that_are_used_are_declared() {
    let compose = compose();
    for (name, service) in compose["services"].as_hash().unwrap() {
        let name = name.as_str().unwrap();
        for kind in ["networks", "secrets"] {
            for used in words(&service[kind]) {
                assert!(
                    !compose[kind][used.as_str()].is_badvalue(),
                    "{name} uses the undeclared {kind} {used}"
                );
            }
        }
        let volumes = service["volumes"].as_vec().cloned().unwrap_or_default();
        for volume in volumes.iter().filter_map(Yaml::as_str) {
            let (source, _) = volume.split_once(':').unwrap();
            assert!(
                source.starts_with(['.', '/', '$'])
                    || !compose["volumes"]
                        .as_hash()
                        .unwrap()
                        .keys()
                        .all(|key| key.as_str() != Some(source)),
                "{name} uses the undeclared volume {source}"
            );
        }
    }
}
