//! The suite that every backend passes: sentences about [`crate::Store`], told of real databases.
//!
//! A backend's test calls [`crate::conformance_suite`] with a function that opens a fresh database
//! twice, as two processes would.

#![expect(
    clippy::missing_panics_doc,
    reason = "a sentence that does not hold panics: it is a test"
)]

pub mod accounts;
pub mod answering;
pub mod asking;
pub mod commenting;
pub mod confirming;
pub mod contacts;
pub mod correcting;
pub mod delivering;
pub mod directory;
pub mod erasing;
pub mod forwarding;
pub mod freezing;
pub mod households;
pub mod intakes;
pub mod joining;
pub mod leasing;
pub mod limiting;
pub mod load;
pub mod mailing;
pub mod outgrowing;
pub mod pacing;
pub mod papering;
pub mod petitioning;
pub mod proving;
pub mod refusing;
pub mod repeating;
pub mod reresolving;
pub mod returning;
pub mod reviewing;
pub mod scene;
pub mod sweeping;
pub mod taking_in;
pub mod tallying;
pub mod wishing;

pub use scene::{Backend, Scene};

/// Makes one test of each sentence. The argument is an async function that gives a
/// [`Backend`](conformance::Backend).
#[macro_export]
macro_rules! conformance_suite {
    ($backend:path) => {
        $crate::conformance_tests! { $backend;
            households: one_person_is_counted_once;
            households: a_second_person_of_a_mailbox_counts_at_the_same_zip_and_a_third_never;
            households: a_second_person_at_another_zip_is_not_saved;
            households: the_newest_takes_the_place_of_one_who_waits_and_the_old_link_says_so;
            households: what_a_rule_rejected_is_saved_without_a_mail_and_gives_way;
            households: saving_the_same_signature_twice_is_harmless;
            households: the_database_decides_as_the_model_does;
            households: many_writers_with_colliding_emails_never_make_a_third_slot;
            households: two_processes_signing_one_person_save_one_signature;
            confirming: a_second_click_on_the_confirmation_link_is_harmless;
            confirming: two_clicks_in_one_batch_count_once;
            confirming: a_link_that_is_too_old_or_was_ended_does_not_confirm;
            confirming: a_link_confirms_for_a_day_after_the_petition_closed;
            confirming: a_withdrawn_signature_counts_no_longer_and_keeps_its_slot;
            confirming: a_petition_without_confirmation_counts_at_once;
            confirming: paper_counts_at_once_and_after_the_petition_closed;
            confirming: an_illegal_step_is_refused_by_the_database;
            confirming: two_slots_of_one_name_are_refused_by_the_database;
            erasing: erasing_frees_the_slot_and_empties_the_row;
            erasing: an_erasure_by_staff_is_on_record_and_nothing_erased_is_not;
            erasing: what_was_in_a_frozen_batch_stays_counted_when_it_is_erased;
            erasing: what_no_batch_held_is_forgotten_after_its_time_and_stays_counted;
            erasing: what_waits_past_its_time_is_erased;
            erasing: wishes_codes_and_epochs_are_kept;
            reviewing: staff_refuse_and_put_back_with_the_same_numbers;
            reviewing: a_rule_rejected_signature_that_is_put_back_gets_its_mail;
            reviewing: signatures_are_listed_page_by_page;
            reviewing: one_person_with_several_e_mails_is_told;
            commenting: a_comment_waits_until_a_reviewer_decides;
            commenting: a_decision_made_twice_is_one_and_can_be_taken_back;
            commenting: comments_are_listed_page_by_page_and_decided_in_their_petition;
            commenting: erasing_takes_the_review_with_the_comment;
            commenting: the_database_holds_the_review_of_a_comment;
            commenting: a_comment_refused_meanwhile_makes_a_batch_stale;
            limiting: whoever_comes_after_the_limit_is_rejected_silently;
            limiting: a_domain_has_a_limit_of_its_own_and_some_are_spared;
            limiting: five_hundred_of_one_client_pass_where_nobody_set_a_limit;
            limiting: who_was_over_the_limit_signs_later_or_is_put_back;
            limiting: rules_are_changed_from_the_version_that_was_read;
            limiting: a_day_has_one_salt_for_all_processes_and_loses_it;
            limiting: a_crowd_of_one_client_is_a_trend_until_it_is_old;
            proving: an_attack_is_known_to_all_processes_until_it_is_over;
            proving: a_proof_is_spent_once_by_one_signature;
            proving: a_permit_comes_by_mail_and_is_granted_by_its_button;
            proving: an_email_gets_five_mails_a_day_and_a_client_asks_so_often_an_hour;
            proving: mails_of_permits_count_among_those_of_signatures;
            proving: a_proof_whose_signature_was_not_saved_is_good_again;
            proving: arrivals_are_counted_between_two_instants;
            sweeping: a_sweep_is_counted_run_and_undone_with_the_same_numbers;
            sweeping: a_cancelled_sweep_stops_where_it_is;
            sweeping: a_sweep_is_claimed_by_one_worker_and_taken_up_by_the_next;
            sweeping: a_sweep_takes_only_legal_steps;
            tallying: homes_sum_to_the_total_and_districts_to_their_home;
            tallying: a_withdrawal_is_a_negative_entry_in_the_hour_in_which_it_happens;
            tallying: governments_over_a_home_have_a_column_that_is_never_added;
            tallying: tallies_equal_a_recount_after_any_operations;
            tallying: homes_sum_to_the_total_while_two_processes_write;
            reresolving: a_new_answer_moves_the_counts_in_its_hour;
            reresolving: a_second_run_finds_nothing;
            reresolving: out_of_date_signatures_are_listed_page_by_page;
            reresolving: what_changed_meanwhile_is_not_overwritten;
            reresolving: a_signature_that_waits_counts_where_its_last_answer_says;
            reresolving: what_nothing_matched_is_listed_apart_and_filled_in;
            reresolving: whoever_keeps_a_block_is_asked_again_and_sealed_anew;
            reresolving: two_processes_resolve_again_once;
            reresolving: a_report_and_a_wish_are_kept;
            mailing: five_mails_at_most_in_24_hours;
            mailing: a_pending_signer_gets_the_mail_again_and_a_confirmed_one_a_notice;
            mailing: who_is_replaced_within_a_batch_gets_no_mail;
            mailing: a_mail_is_claimed_once_until_its_claim_is_over;
            mailing: one_reminder_goes_out;
            mailing: who_gave_another_address_is_retired;
            correcting: a_signer_says_where_a_signature_is_counted;
            correcting: what_a_letter_holds_is_corrected_no_more;
            correcting: corrections_of_one_signature_follow_each_other;
            papering: lines_are_saved_in_their_order;
            papering: what_is_stored_of_a_line_is_known_before_it_is_saved;
            repeating: a_key_stands_for_the_first_that_was_sent_under_it;
            repeating: a_key_is_over_after_a_day;
            repeating: of_two_requests_at_once_one_has_the_key;
            petitioning: a_petition_is_read_back_as_it_was_recorded;
            petitioning: a_slug_belongs_to_one_petition;
            petitioning: an_archived_petition_is_never_opened_again;
            petitioning: a_petition_takes_only_legal_steps;
            petitioning: signing_what_is_not_open_saves_nothing;
            petitioning: a_destroyed_key_stays_destroyed;
            petitioning: rotating_the_instance_key_keeps_what_was_sealed_readable;
            petitioning: a_setting_is_seen_by_the_other_process;
            accounts: an_account_logs_in_until_its_session_is_over;
            accounts: a_new_password_and_a_closed_account_end_every_session;
            accounts: an_email_belongs_to_one_account_in_any_case;
            accounts: a_member_has_one_role_in_an_organization;
            accounts: every_deed_is_chained_to_the_last;
            accounts: two_processes_write_one_chain;
            directory: a_directory_is_read_back_as_it_was_recorded;
            directory: a_government_recorded_again_takes_the_place_of_itself_alone;
            directory: governments_are_named_by_geoid;
            directory: what_is_known_of_an_address_outlives_the_list;
            freezing: a_batch_takes_each_signature_once;
            freezing: a_member_who_left_meanwhile_makes_a_batch_stale;
            freezing: of_two_processes_one_freezes;
            freezing: a_frozen_batch_never_changes;
            freezing: a_cancelled_batch_frees_its_members;
            freezing: whoever_withdraws_after_the_freeze_is_told_of_once;
            freezing: erasing_empties_a_frozen_line_and_keeps_its_leaf;
            freezing: whoever_moves_joins_a_batch_of_the_new_city;
            freezing: a_frozen_batch_stays_when_its_members_are_resolved_again;
            freezing: a_signature_names_the_batches_that_brought_it;
            freezing: a_wish_to_freeze_is_kept;
            freezing: a_city_has_one_status_in_a_petition;
            delivering: letters_are_queued_by_approval;
            delivering: a_letter_without_contact_waits_for_one;
            leasing: a_delivery_is_claimed_by_one_of_two_processes;
            leasing: a_stale_lease_writes_neither_intent_nor_outcome;
            leasing: an_envelope_is_settled_once;
            leasing: an_answer_to_the_dot_is_kept;
            leasing: an_intent_without_an_answer_becomes_uncertain;
            leasing: nothing_is_accepted_without_evidence;
            delivering: the_database_holds_the_models_table_of_steps;
            delivering: signatures_are_past_retention_once_delivered_long_ago;
            delivering: deliveries_are_listed_by_batch_and_state;
            delivering: an_office_is_reached_once_however_many_letters_came;
            pacing: a_domain_in_trouble_rests_for_all_processes_and_then_gets_one_letter;
            pacing: trouble_after_a_probe_rests_longer_and_an_answer_ends_it;
            pacing: a_probe_whose_owner_is_gone_gives_way_to_another;
            pacing: a_domain_that_blocks_gets_nothing_until_a_person_says_so;
            pacing: the_relays_trouble_holds_every_letter;
            pacing: whoever_drains_waits_for_blocks_alone;
            pacing: a_post_gets_one_letter_at_a_time_across_petitions;
            pacing: a_letter_that_was_put_off_was_not_tried_and_does_not_expire;
            pacing: domains_with_the_same_servers_rest_together;
            pacing: servers_have_no_more_letters_at_once_than_they_may;
            pacing: servers_get_no_more_letters_a_minute_than_they_may;
            pacing: a_batch_is_held_by_a_person_and_released_by_one;
            refusing: an_address_that_is_refused_is_flagged_and_the_clerk_is_named;
            refusing: an_address_that_is_put_off_or_held_is_not_flagged;
            taking_in: a_message_that_is_handed_in_twice_is_taken_once;
            taking_in: two_processes_take_one_message_once;
            returning: a_bad_address_is_flagged_and_the_clerk_is_named;
            returning: a_wish_of_the_office_outlives_a_bounce;
            returning: a_letter_that_a_rule_turned_away_leaves_its_address_alone;
            returning: what_came_back_for_now_goes_again_as_it_was;
            returning: what_comes_before_the_answer_to_the_dot_waits_for_it;
            returning: what_comes_back_ends_uncertainty;
            returning: a_delay_and_a_challenge_change_no_state;
            returning: the_end_does_not_depend_on_the_order_of_what_comes;
            taking_in: a_letter_is_found_by_what_it_was_settled_with;
            taking_in: an_event_of_no_letter_is_not_kept;
            taking_in: strays_are_counted_by_day;
            contacts: a_letter_of_which_nothing_came_back_speaks_for_its_address;
            contacts: a_person_and_a_server_speak_for_an_address_and_programs_do_not;
            contacts: what_was_heard_later_of_an_address_counts;
            contacts: a_letter_that_came_back_says_nothing_good_of_its_address;
            contacts: an_office_that_asked_not_to_be_written_to_stays_so;
            contacts: what_waits_for_the_answer_to_the_dot_says_nothing_yet;
            outgrowing: a_letter_that_is_too_large_is_listed_until_a_smaller_one_takes_its_place;
            outgrowing: a_bounce_that_names_the_size_is_listed_too;
            asking: a_task_is_asked_for_once_and_done_once;
            asking: a_letter_to_the_clerk_takes_the_place_of_one_that_came_back;
            answering: the_last_answer_of_an_office_waits_and_the_others_stay_on_record;
            answering: one_answer_of_an_office_is_shown;
            answering: what_an_office_says_by_another_letters_link_takes_the_place_too;
            answering: an_office_answers_so_often_a_day;
            answering: an_answer_by_mail_is_published_once;
            answering: signers_are_told_of_an_answer_once;
            answering: two_processes_tell_each_signer_once;
            answering: an_answer_of_no_letter_is_not_kept;
            forwarding: only_a_persons_answer_goes_on;
            forwarding: an_answer_passes_its_fence_once;
            forwarding: what_a_provider_signed_is_good_for_one_message;
            forwarding: a_letter_is_found_by_its_servers_word_for_it;
            wishing: a_wish_is_kept_in_the_place_of_the_last;
            wishing: no_letter_goes_to_an_office_that_wishes_for_none;
            wishing: an_office_is_written_to_again_when_it_says_so;
            wishing: a_closure_is_of_one_office_about_one_petition;
            wishing: a_letter_in_a_mailers_hands_is_suppressed_by_that_mailer_alone;
            wishing: the_last_letter_about_a_petition_is_known;
            wishing: how_letters_come_and_whether_do_not_undo_each_other;
            wishing: a_new_holder_who_changes_the_pace_is_not_closed_by_the_last_one;
            wishing: an_organizer_lifts_a_closure_once;
            joining: a_wish_for_one_letter_to_the_whole_body_is_kept;
            joining: one_letter_goes_to_the_whole_body_and_every_office_is_in_it;
            joining: an_office_that_closes_before_the_letter_was_tried_takes_it_apart;
            joining: an_office_that_closes_while_the_letter_is_composed_is_not_in_it;
            joining: whoever_closes_by_way_of_the_clerk_does_not_close_for_the_next_holder;
            joining: a_letter_that_was_tried_goes_on_for_the_others;
            joining: a_joint_letter_in_a_mailers_hands_is_taken_apart_by_that_mailer_alone;
            joining: whoever_is_in_a_letter_that_came_back_is_in_the_one_that_takes_its_place;
            joining: an_answer_to_the_letter_to_the_whole_body_is_one_offices;
            joining: nothing_else_leads_back_from_suppressed;
            intakes: an_answer_means_that_it_is_saved;
            intakes: a_full_queue_says_so_and_loses_nothing;
            intakes: who_confirms_or_withdraws_is_not_behind_a_flood_of_signatures;
            intakes: one_that_cannot_be_written_holds_nobody_up;
            intakes: what_waits_is_written_before_the_intake_ends;
        }
    };
}

/// Used by [`conformance_suite`].
#[doc(hidden)]
#[macro_export]
macro_rules! conformance_tests {
    ($backend:path; $($module:ident: $test:ident;)*) => {$(
        #[tokio::test(flavor = "multi_thread")]
        async fn $test() {
            let backend = $backend().await;
            $crate::conformance::$module::$test(&mut $crate::conformance::Scene::new(&backend)).await;
        }
    )*};
}
