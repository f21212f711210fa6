//! The capability as this engine has it: refuses what the real one refuses, in the
//! same words.

use std::path::Path;
use std::time::Duration;

use super::{Engine, Kept, LOG, image};
use crate::containers::{
    ContainerCalls, ContainerInfo, ContainerSpec, ContainerState, ContainersError, ImageConfig,
    ImageError, LogSink, Pending, Probe, check_image_name, check_spec,
};
use crate::domain::{Diagnostic, ImageState, Port, ProviderError, Transport};

/// The first port of this machine that is given away.
const FIRST_PORT: u16 = 49152;

impl Engine {
    fn add(&self, spec: ContainerSpec) -> Result<ContainerInfo, ContainersError> {
        check_spec(&spec)?;
        if self.state_of(&spec.image) != ImageState::Local {
            return Err(ImageError::ImageMissing { image: spec.image }.into());
        }
        let mut inside = self.inside();
        if inside.containers.contains_key(&spec.name) {
            return Err(ContainersError::NameTaken { name: spec.name });
        }
        let taken = inside.containers.values().map(|kept| kept.info.ports.len()).sum::<usize>();
        let ports = spec.publish.iter().enumerate().map(|(index, port)| Port {
            container: *port,
            host: u16::try_from(taken + index).ok().and_then(|it| FIRST_PORT.checked_add(it)),
            host_ip: Some("127.0.0.1".into()),
            protocol: Transport::Tcp,
        });
        let mut info = ContainerInfo {
            name: spec.name.clone(),
            image: spec.image.clone(),
            state: ContainerState::Running,
            labels: spec.labels.clone(),
            ports: ports.collect(),
            created_at: Some("2026-01-01T00:00:00Z".into()),
            exit_code: None,
            out_of_memory: false,
            environment: spec.environment.iter().cloned().collect(),
            legacy: false,
        };
        if inside.ends_at_once {
            super::end(&mut info);
        }
        inside.containers.insert(spec.name.clone(), Kept { spec, info: info.clone() });
        Ok(info)
    }

    fn find(&self, name: &str) -> Result<ContainerInfo, ContainersError> {
        let missing = || ContainersError::NotFound { name: name.to_owned() };
        self.inside().containers.get(name).map(|kept| kept.info.clone()).ok_or_else(missing)
    }

    fn change(
        &self,
        name: &str,
        action: &'static str,
        from: ContainerState,
        to: ContainerState,
    ) -> Result<(), ContainersError> {
        let found = self.find(name)?;
        if found.state != from {
            let message = format!("it is {}", found.state.as_str());
            return Err(ContainersError::WrongState { name: name.to_owned(), action, message });
        }
        if let Some(kept) = self.inside().containers.get_mut(name) {
            kept.info.state = to;
        }
        Ok(())
    }

    fn ready(&self, name: &str, port: u16) -> Result<(), ContainersError> {
        let found = self.find(name)?;
        match found.state {
            ContainerState::Running if found.ports.iter().any(|it| it.container == port) => Ok(()),
            ContainerState::Running => {
                Err(ContainersError::PortNotPublished { name: name.to_owned(), port })
            }
            _ => Err(ContainersError::ExitedBeforeReady {
                name: name.to_owned(),
                exit_code: found.exit_code,
                out_of_memory: found.out_of_memory,
                log: LOG.map(str::to_owned).to_vec(),
            }),
        }
    }
}

/// The error in the words of the contract.
fn told(error: impl Diagnostic) -> ProviderError {
    ProviderError::from_diagnostic(&error)
}

impl ContainerCalls for Engine {
    fn find_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageState> {
        Box::pin(async move {
            self.enter("find-image").await?;
            check_image_name(image).map_err(told)?;
            Ok(self.state_of(image))
        })
    }

    fn inspect_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageConfig> {
        Box::pin(async move {
            self.enter("inspect-image").await?;
            check_image_name(image).map_err(told)?;
            match self.state_of(image) {
                ImageState::Local => Ok(image::jupyter()),
                _ => Err(told(ImageError::ImageMissing { image: image.to_owned() })),
            }
        })
    }

    fn pull_image<'a>(&'a self, image: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            self.enter("pull-image").await?;
            match self.state_of(image) {
                ImageState::Local | ImageState::Remote => {
                    self.inside().images.push(image.to_owned());
                    Ok(())
                }
                _ => Err(told(ImageError::PullNotFound {
                    image: image.to_owned(),
                    message: "manifest unknown".into(),
                })),
            }
        })
    }

    fn build_image<'a>(&'a self, _: &'a Path, _: &'a str, image: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            self.enter("build-image").await?;
            check_image_name(image).map_err(told)?;
            self.inside().images.push(image.to_owned());
            Ok(())
        })
    }

    fn start(&self, spec: ContainerSpec) -> Pending<'_, ContainerInfo> {
        Box::pin(async move {
            self.enter("start").await?;
            self.add(spec).map_err(told)
        })
    }

    fn list(&self) -> Pending<'_, Vec<ContainerInfo>> {
        Box::pin(async move {
            self.enter("list-containers").await?;
            // A list does not know everything, as that of a real engine.
            let listed = |kept: &Kept| ContainerInfo {
                exit_code: None,
                environment: Default::default(),
                ..kept.info.clone()
            };
            Ok(self.inside().containers.values().map(listed).collect())
        })
    }

    fn inspect<'a>(&'a self, name: &'a str) -> Pending<'a, ContainerInfo> {
        Box::pin(async move {
            self.enter("inspect").await?;
            self.find(name).map_err(told)
        })
    }

    fn stop<'a>(&'a self, name: &'a str, _: u32) -> Pending<'a, ()> {
        Box::pin(async move {
            self.enter("stop").await?;
            self.find(name).map_err(told)?;
            self.inside().containers.remove(name);
            Ok(())
        })
    }

    fn pause<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            self.enter("pause").await?;
            let (from, to) = (ContainerState::Running, ContainerState::Paused);
            self.change(name, "paused", from, to).map_err(told)
        })
    }

    fn resume<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        Box::pin(async move {
            self.enter("resume").await?;
            let (from, to) = (ContainerState::Paused, ContainerState::Running);
            self.change(name, "resumed", from, to).map_err(told)
        })
    }

    fn wait_ready<'a>(
        &'a self,
        name: &'a str,
        port: u16,
        _: &'a [Probe],
        _: Duration,
    ) -> Pending<'a, ()> {
        Box::pin(async move {
            self.enter("wait-ready").await?;
            self.ready(name, port).map_err(told)
        })
    }

    fn logs<'a>(
        &'a self,
        name: &'a str,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Pending<'a, ()> {
        Box::pin(async move {
            self.enter("logs").await?;
            self.find(name).map_err(told)?;
            let lines = tail.and_then(|lines| usize::try_from(lines).ok()).unwrap_or(LOG.len());
            for line in LOG.iter().skip(LOG.len().saturating_sub(lines)) {
                sink.write(format!("{line}\n").as_bytes())?;
            }
            if follow {
                self.hanging.notify_one();
                std::future::pending::<()>().await;
            }
            Ok(())
        })
    }
}
