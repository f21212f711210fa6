//! The outside for tests: a script of what RenkuLab, git and the user say.

use std::cell::RefCell;
use std::collections::VecDeque;

use renku_session_sdk::http::Method;
use renku_session_sdk::invocation::{Level, Progress};
use renku_session_sdk::{Error, Resources, Result};

use crate::ask::{Ask, DataWishes};
use crate::call::{Call, Response};
use crate::config::Config;
use crate::local_state::LocalState;
use crate::outside::Outside;

/// Answers in order for each request; what is not in it fails the test.
#[derive(Default)]
pub(crate) struct Script {
    answers: RefCell<Vec<(String, VecDeque<Response>)>>,
    state: RefCell<Option<LocalState>>,
    after_push: Option<LocalState>,
    pushed: Option<Error>,
    default_branch: Option<String>,
    agrees: Option<bool>,
    typed: Vec<(String, String)>,
    clock: RefCell<u64>,
    /// What was asked, said and shown, in order.
    pub(crate) log: RefCell<Vec<String>>,
}

/// A request about a project that asks for nothing else.
pub(crate) fn ask() -> Ask {
    Ask {
        has_project: true,
        bound: None,
        config: Config::default(),
        resources: Resources { cpu: None, memory: None, disk: None, gpu: None },
        wait: Some(60),
        image_is_users: false,
        from_remote: false,
        class: None,
        build: false,
        data: DataWishes::default(),
        container: None,
    }
}

impl Script {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The next answer to a request, `METHOD /path?query`. The last one of a
    /// request is given again and again.
    pub(crate) fn answer(self, request: &str, status: u16, body: &str) -> Self {
        self.add(request, Response { status, body: body.to_owned(), ..Response::default() })
    }

    pub(crate) fn page(self, request: &str, pages: u32, body: &str) -> Self {
        let answer =
            Response { status: 200, pages: Some(pages), body: body.to_owned(), retry_after: None };
        self.add(request, answer)
    }

    fn add(self, request: &str, answer: Response) -> Self {
        let mut answers = self.answers.borrow_mut();
        match answers.iter_mut().find(|(known, _)| known == request) {
            Some((_, queue)) => queue.push_back(answer),
            None => answers.push((request.to_owned(), VecDeque::from([answer]))),
        }
        drop(answers);
        self
    }

    pub(crate) fn remotes(self, urls: &[&str]) -> Self {
        let remotes = urls.iter().map(|url| (*url).to_owned()).collect();
        self.state(LocalState { remotes, ..LocalState::default() })
    }

    pub(crate) fn state(self, state: LocalState) -> Self {
        *self.state.borrow_mut() = Some(state);
        self
    }

    /// The push works, and the repository is like this afterwards.
    pub(crate) fn after_push(mut self, state: LocalState) -> Self {
        self.after_push = Some(state);
        self
    }

    pub(crate) fn default_branch(mut self, branch: &str) -> Self {
        self.default_branch = Some(branch.to_owned());
        self
    }

    pub(crate) fn push_fails(mut self, error: Error) -> Self {
        self.pushed = Some(error);
        self
    }

    pub(crate) fn agrees(mut self, agrees: bool) -> Self {
        self.agrees = Some(agrees);
        self
    }

    /// What somebody types when asked for a line.
    pub(crate) fn types(mut self, id: &str, text: &str) -> Self {
        self.typed.push((id.to_owned(), text.to_owned()));
        self
    }

    pub(crate) fn lines(&self) -> Vec<String> {
        self.log.borrow().clone()
    }

    fn note(&self, line: String) {
        self.log.borrow_mut().push(line);
    }
}

impl Outside for Script {
    fn base(&self) -> String {
        "https://renkulab.example".to_owned()
    }

    fn send(&self, call: &Call) -> Result<Response> {
        let method = match call.method {
            Method::Get => "GET",
            Method::Post => "POST",
            Method::Patch => "PATCH",
            Method::Delete => "DELETE",
            Method::Head | Method::Put => "?",
        };
        let query: Vec<String> =
            call.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mark = if query.is_empty() { "" } else { "?" };
        let request = format!("{method} {}{mark}{}", call.path, query.join("&"));
        let body = call.body.as_ref().map(|body| format!(" {body}")).unwrap_or_default();
        let refresh = if call.with_refresh_token { " with refresh token" } else { "" };
        let age = call.max_age.map(|age| format!(" at most {age} s old")).unwrap_or_default();
        self.note(format!("{request}{body}{refresh}{age}"));
        let mut answers = self.answers.borrow_mut();
        let queue = answers.iter_mut().find(|(known, _)| *known == request);
        let (_, queue) = queue.unwrap_or_else(|| panic!("nobody expects {request}"));
        let answer = queue.front().unwrap().clone();
        if queue.len() > 1 {
            queue.pop_front();
        }
        if answer.status == 0 {
            return Err(Error::new(renku_session_sdk::ErrorKind::Unavailable, answer.body));
        }
        Ok(answer)
    }

    fn sleep(&self, milliseconds: u32) -> Result<()> {
        *self.clock.borrow_mut() += u64::from(milliseconds);
        Ok(())
    }

    fn now(&self) -> u64 {
        *self.clock.borrow()
    }

    fn report(&self, progress: &Progress) {
        self.note(match progress {
            Progress::Phase(text) => format!("phase: {text}"),
            Progress::Amount(amount) => format!("{}/{} {}", amount.done, amount.total, amount.unit),
            Progress::Note(text) => format!("note: {text}"),
        });
    }

    fn say(&self, _: Level, message: &str) {
        self.note(format!("says: {message}"));
    }

    fn confirm(&self, id: &str, text: &str) -> Result<bool> {
        self.note(format!("asks {id}: {text}"));
        self.agrees.ok_or_else(|| Error::invalid_input("there is no terminal to ask"))
    }

    fn ask(&self, id: &str, text: &str, _: bool) -> Result<String> {
        self.note(format!("asks {id}: {text}"));
        let typed = self.typed.iter().find(|(known, _)| known == id);
        let typed = typed.map(|(_, text)| text.clone());
        typed.ok_or_else(|| Error::invalid_input("there is no terminal to ask"))
    }

    fn created(&self, name: &str) {
        self.note(format!("created {name}"));
    }

    fn local_state(&self) -> Result<LocalState> {
        self.state.borrow().clone().ok_or_else(|| Error::not_found("there is no project"))
    }

    fn default_branch(&self) -> Result<Option<String>> {
        Ok(self.default_branch.clone())
    }

    fn push(&self) -> Result<()> {
        self.note("push".to_owned());
        if let Some(error) = &self.pushed {
            return Err(error.clone());
        }
        (*self.state.borrow_mut()).clone_from(&self.after_push);
        Ok(())
    }
}
