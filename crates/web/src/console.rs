//! The console for organizers. Every page asks for a session, and every form for the token of that session; a handler that
//! reads a form takes it as [`posted::Posted`], which has checked both.
//!
//! A petition belongs to an organization, and its pages to that organization's members: to anybody else it is not there
//! (404). What a member may do with it stands in one table, [`permission`].

mod abuse;
mod account;
mod audit;
mod comments;
mod cookie;
mod counts;
mod coverage;
mod dashboard;
mod days;
mod deliveries;
mod districts;
mod download;
mod edit;
mod letters;
mod login;
mod logout;
mod new;
mod officials;
mod paper;
mod passwords;
mod permission;
mod petition;
mod places;
mod posted;
mod refusal;
mod resolutions;
mod secret;
mod signatures;
mod statuses;
mod step;
mod sweeps;
mod terms_form;
mod throttle;
mod visitor;
mod way_back;
mod words;

pub(crate) use passwords::Passwords;
pub(crate) use refusal::Refusal;
pub(crate) use throttle::Throttle;

use crate::assets::CONSOLE;
use crate::failure::Failure;
use crate::state::AppState;
use askama::Template;
use axum::Router;
use axum::response::Html;
use axum::routing::{get, post};
use permission::Permission;
use redress_model::petition::Petition;
use redress_model::petition::state::PetitionState;
use redress_model::role::MemberRole;
use redress_reports::format::Format;
use visitor::Visitor;

/// Every page.
pub(crate) fn routes() -> Router<AppState> {
    let routes = Router::new()
        .route("/console", get(dashboard::show))
        .route("/console/login", get(login::show).post(login::log_in))
        .route("/console/logout", post(logout::log_out))
        .route("/console/account", get(account::show))
        .route("/console/account/password", post(account::change))
        .route("/console/audit", get(audit::show))
        .route("/console/p/new", get(new::show).post(new::make))
        .route("/console/p/{slug}", get(petition::show))
        .route("/console/p/{slug}/state", post(step::take))
        .route("/console/p/{slug}/edit", get(edit::show).post(edit::save))
        .route("/console/p/{slug}/places", get(places::show))
        .route("/console/p/{slug}/districts", get(districts::show))
        .route("/console/p/{slug}/coverage", get(coverage::show))
        .route("/console/p/{slug}/coverage.csv", get(coverage::table))
        .route(
            "/console/p/{slug}/officials-to-fill.csv",
            get(coverage::fill),
        )
        .route(
            "/console/p/{slug}/resolutions",
            get(resolutions::show).post(resolutions::ask),
        )
        .route("/console/p/{slug}/deliveries", get(deliveries::show))
        .route(
            "/console/p/{slug}/deliveries/release",
            post(deliveries::release),
        )
        .route(
            "/console/p/{slug}/abuse",
            get(abuse::show).post(abuse::save),
        )
        .route("/console/p/{slug}/abuse/proof", post(abuse::set_proof))
        .route("/console/p/{slug}/abuse/rehearsal", post(abuse::try_rules))
        .route(
            "/console/p/{slug}/signatures",
            get(signatures::show).post(signatures::decide),
        )
        .route(
            "/console/p/{slug}/sweeps",
            get(sweeps::show).post(sweeps::begin),
        )
        .route(
            "/console/p/{slug}/sweeps/{id}",
            get(sweeps::show_one).post(sweeps::change),
        )
        .route(
            "/console/p/{slug}/signatures/search",
            post(signatures::search),
        )
        .route(
            "/console/p/{slug}/signatures/{id}/erase",
            get(signatures::erase::ask).post(signatures::erase::erase),
        )
        .route(
            "/console/p/{slug}/comments",
            get(comments::show).post(comments::decide),
        )
        .route(
            "/console/p/{slug}/statuses",
            get(statuses::show).post(statuses::record),
        )
        .route("/console/officials", get(officials::show))
        .route("/console/officials/{geoid}", get(officials::place::show))
        .merge(officials::import::routes())
        .merge(paper::routes())
        .merge(letters::routes());
    Format::ALL.iter().fold(routes, |routes, &format| {
        let path = format!("/console/p/{{slug}}/counts.{}", format.as_str());
        let serve =
            move |state, visitor, slug, asked| download::serve(format, state, visitor, slug, asked);
        routes.route(&path, get(serve))
    })
}

/// What the layout of every page needs.
pub(crate) struct Frame {
    /// The page's title.
    pub title: String,
    /// Where the stylesheet lies.
    pub stylesheet: &'static str,
    /// Who looks at it; `None` before the login and where a request is refused.
    pub badge: Option<Badge>,
    /// The petition that the page is about.
    pub petition: Option<Folder>,
    /// Which page it is, as the ways to it say: `petitions`, `places`, ...
    pub page: &'static str,
}

/// Who looks at a page.
pub(crate) struct Badge {
    /// Their e-mail.
    pub email: String,
    /// Whether they own an organization.
    pub is_owner: bool,
    /// The token of their forms.
    pub token: String,
}

/// A petition's pages.
#[expect(
    clippy::struct_excessive_bools,
    reason = "what of a petition a visitor may open, each by itself"
)]
pub(crate) struct Folder {
    /// Its word.
    pub slug: String,
    /// Its headline.
    pub title: String,
    /// Where it stands.
    pub state: &'static str,
    /// Whether the public sees it.
    pub is_public: bool,
    /// Whether who looks may count sheets of paper.
    pub takes_paper: bool,
    /// Whether its texts and rules may be changed by who looks.
    pub is_editable: bool,
    /// Whether its signatures may be looked at by who looks.
    pub is_reviewable: bool,
}

impl Frame {
    /// A page before the login.
    pub(crate) fn outside(title: &str) -> Self {
        Self {
            title: title.to_owned(),
            stylesheet: CONSOLE.path(),
            badge: None,
            petition: None,
            page: "",
        }
    }

    /// A page for somebody.
    pub(crate) fn new(title: &str, page: &'static str, visitor: &Visitor) -> Self {
        let badge = Badge {
            email: visitor.account.email.as_str().to_owned(),
            is_owner: visitor.is_owner(),
            token: visitor.secret.form_token(),
        };
        Self {
            badge: Some(badge),
            page,
            ..Self::outside(title)
        }
    }

    /// A page about a petition.
    pub(crate) fn of(
        petition: &Petition,
        role: MemberRole,
        page: &'static str,
        visitor: &Visitor,
    ) -> Self {
        let folder = Folder {
            slug: petition.slug.to_string(),
            title: petition.terms.title.clone(),
            state: petition.state.as_str(),
            is_public: petition.state != PetitionState::Draft,
            takes_paper: Permission::ImportPaper.is_given_to(role),
            is_editable: Permission::EditPetition.is_given_to(role),
            is_reviewable: Permission::ReviewSignatures.is_given_to(role),
        };
        Self {
            petition: Some(folder),
            ..Self::new(&petition.terms.title, page, visitor)
        }
    }

    /// The token that each form carries.
    pub(crate) fn token(&self) -> &str {
        self.badge.as_ref().map_or("", |badge| &badge.token)
    }
}

/// Renders a page.
pub(crate) fn render(page: &impl Template) -> Result<Html<String>, Refusal> {
    page.render().map(Html).map_err(|error| {
        tracing::error!(error = %error, "a page does not render");
        Refusal::from(Failure::Broken)
    })
}
