//! One hash of Argon2id (RFC 9106), in memory that is kept for the next one.
//!
//! The crate's own calls take 19 MiB anew each time, and the system's allocator gives little of it back: twenty logins left the
//! process three hundred megabytes larger.

use argon2::password_hash::phc::{Output, ParamsString, Salt};
use argon2::password_hash::{Error, Result};
use argon2::{Algorithm, Argon2, Block, Params, PasswordHash, Version};

/// Bytes of a hash.
const LENGTH: usize = Params::DEFAULT_OUTPUT_LEN;

/// Where a hash is worked out; as large as the last one needed.
#[derive(Default)]
pub(super) struct Memory(Vec<Block>);

impl Memory {
    /// Whether a password is that of a hash in PHC form; compared in constant time.
    pub(super) fn is_right(&mut self, password: &str, hash: &str) -> Result<bool> {
        let hash = PasswordHash::new(hash)?;
        let (Some(salt), Some(expected)) = (&hash.salt, &hash.hash) else {
            return Err(Error::EncodingInvalid);
        };
        let algorithm = Algorithm::try_from(hash.algorithm.as_str())?;
        let version = hash.version.map(Version::try_from).transpose()?;
        let params = Params::try_from(&hash)?;
        let argon = Argon2::new(algorithm, version.unwrap_or_default(), params);
        let found = self.work(&argon, password, salt, expected.len())?;
        Ok(found == *expected)
    }

    /// The hash of a password in PHC form.
    pub(super) fn hash(&mut self, password: &str, salt: &[u8]) -> Result<String> {
        let argon = Argon2::default();
        let output = self.work(&argon, password, salt, LENGTH)?;
        let hash = PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(Version::default().into()),
            params: ParamsString::try_from(argon.params())?,
            salt: Some(Salt::new(salt)?),
            hash: Some(output),
        };
        Ok(hash.to_string())
    }

    fn work(
        &mut self,
        argon: &Argon2<'_>,
        password: &str,
        salt: &[u8],
        length: usize,
    ) -> Result<Output> {
        self.0.resize(argon.params().block_count(), Block::new());
        let mut out = vec![0; length];
        argon.hash_password_into_with_memory(
            password.as_bytes(),
            salt,
            &mut out,
            self.0.as_mut_slice(),
        )?;
        Ok(Output::new(&out)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use argon2::{PasswordHasher, PasswordVerifier};

    #[test]
    fn the_command_line_and_the_console_know_each_others_passwords() {
        let (mut memory, password) = (Memory::default(), "correct horse battery");
        let theirs: PasswordHash = Argon2::default()
            .hash_password_with_salt(password.as_bytes(), b"sixteen bytes ok")
            .expect("it is hashed");
        let theirs = theirs.to_string();
        assert_eq!(
            memory.hash(password, b"sixteen bytes ok"),
            Ok(theirs.clone())
        );
        assert_eq!(memory.is_right(password, &theirs), Ok(true));
        assert_eq!(memory.is_right("correct horse batterz", &theirs), Ok(false));
        let ours = memory
            .hash(password, b"another salt of ours")
            .expect("it is hashed");
        let verified = Argon2::default().verify_password(password.as_bytes(), ours.as_str());
        assert!(verified.is_ok());
    }

    #[test]
    fn a_hash_of_other_cost_is_read_in_the_same_memory() {
        let mut memory = Memory::default();
        let params = Params::new(64, 1, 1, None).expect("parameters");
        let small = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        let hash: PasswordHash = small
            .hash_password_with_salt(b"correct horse battery", b"sixteen bytes ok")
            .expect("it is hashed");
        for _ in 0..2 {
            let is_right = memory.is_right("correct horse battery", &hash.to_string());
            assert_eq!(is_right, Ok(true));
            memory
                .hash("another", b"sixteen bytes ok")
                .expect("it is hashed");
        }
        assert!(memory.is_right("any", "no hash").is_err());
    }
}
