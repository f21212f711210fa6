//! Whole-program tests on real container engines: what is about Docker, Podman, images and a
//! real JupyterLab. One file for each behaviour. All others are in `tests/engineless/`.

mod abilities;
mod bad_input;
mod build_inputs;
mod builds;
mod cancel;
mod copies;
mod doctor;
mod dry_run;
mod early_end;
mod engine_faults;
mod engine_options;
mod engines;
mod failing_starts;
mod home_before;
mod hostile_start;
mod images;
mod isolation;
mod jupyter;
mod jupyterhub;
mod left_behind;
mod life;
mod listing;
mod own_images;
mod python_renku;
mod registries;
mod sandbox;
mod session_user;
mod stranger;
mod where_it_answers;
mod without_docker;
mod without_token;
