//! Which role may do what with its organization's petitions: the one table.

use MemberRole::{Analyst, Deliverer, Editor, Owner, Reviewer};
use redress_model::role::MemberRole;

/// Something that not every member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Permission {
    /// Counts and pages of a petition.
    SeeCounts,
    /// Batches, letters to officials and what became of them; never the list of signers.
    SeeLetters,
    /// Making petitions, changing their texts and rules.
    EditPetition,
    /// Opening, pausing, closing, archiving.
    ChangeState,
    /// Taking counts away as a file.
    Export,
    /// Signatures and comments that need a look.
    ReviewSignatures,
    /// Erasing somebody for good, at their request.
    EraseSignatures,
    /// Counting typed lines of paper.
    ImportPaper,
    /// Letting letters go out.
    ApproveDeliveries,
    /// What offices answered: publishing it, or not.
    ReviewResponses,
    /// Taking lists of officials: the directory is the instance's, and all organizations share it.
    ChangeOfficials,
    /// Who did what.
    ReadAudit,
}

/// Who may; whoever is not named may not.
const TABLE: [(Permission, &[MemberRole]); 12] = [
    (Permission::SeeCounts, MemberRole::ALL),
    (Permission::SeeLetters, MemberRole::ALL),
    (Permission::EditPetition, &[Owner, Editor]),
    (Permission::ChangeState, &[Owner, Editor]),
    (Permission::Export, &[Owner, Editor, Analyst]),
    (Permission::ReviewSignatures, &[Owner, Editor, Reviewer]),
    (Permission::EraseSignatures, &[Owner, Editor]),
    (Permission::ImportPaper, &[Owner, Editor, Reviewer]),
    (Permission::ApproveDeliveries, &[Owner, Deliverer]),
    (Permission::ReviewResponses, &[Owner, Editor, Reviewer]),
    (Permission::ChangeOfficials, &[Owner, Editor]),
    (Permission::ReadAudit, &[Owner]),
];

impl Permission {
    /// Whether a role has it.
    pub(crate) fn is_given_to(self, role: MemberRole) -> bool {
        self.roles().contains(&role)
    }

    fn roles(self) -> &'static [MemberRole] {
        let row = TABLE.iter().find(|(permission, _)| *permission == self);
        row.map_or(&[], |(_, roles)| roles)
    }

    /// Who may, in words: `This is for owners and editors.`
    pub(crate) fn rule(self) -> String {
        let roles: Vec<String> = self.roles().iter().map(|role| format!("{role}s")).collect();
        match roles.split_last() {
            Some((last, rest)) if !rest.is_empty() => {
                format!("This is for {} and {last}.", rest.join(", "))
            }
            _ => format!("This is for {}.", roles.concat()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_do_what_the_table_says_and_nothing_else() {
        let may = |role: MemberRole| {
            let given = TABLE.iter().filter(|(it, _)| it.is_given_to(role));
            given.map(|(it, _)| format!("{it:?}")).collect::<Vec<_>>()
        };
        let all = "SeeCounts SeeLetters EditPetition ChangeState Export ReviewSignatures EraseSignatures ImportPaper ApproveDeliveries ReviewResponses ChangeOfficials ReadAudit";
        let expected = [
            (Owner, all),
            (
                Editor,
                "SeeCounts SeeLetters EditPetition ChangeState Export ReviewSignatures EraseSignatures ImportPaper ReviewResponses ChangeOfficials",
            ),
            (
                Reviewer,
                "SeeCounts SeeLetters ReviewSignatures ImportPaper ReviewResponses",
            ),
            (Analyst, "SeeCounts SeeLetters Export"),
            (Deliverer, "SeeCounts SeeLetters ApproveDeliveries"),
        ];
        assert_eq!(expected.map(|(role, _)| role), *MemberRole::ALL);
        for (role, words) in expected {
            assert_eq!(may(role).join(" "), words, "{role}");
        }
    }

    #[test]
    fn every_permission_stands_in_the_table_once() {
        for (index, (permission, roles)) in TABLE.iter().enumerate() {
            let first = TABLE.iter().position(|(other, _)| other == permission);
            assert_eq!(first, Some(index), "{permission:?}");
            assert!(roles.contains(&Owner), "{permission:?}");
        }
    }

    #[test]
    fn the_rule_names_who_may() {
        let rules = [Permission::Export, Permission::ReadAudit].map(Permission::rule);
        assert_eq!(
            rules,
            [
                "This is for owners, editors and analysts.",
                "This is for owners."
            ]
        );
    }
}
