//! Speaks the `yamux` crate (rust-yamux) to the multiplexer under test, in either role. It connects to a port of
//! 127.0.0.1 and then either serves streams or drives a scenario; it prints "ok ..." or "FAIL ..." and exits 0 or 1. The
//! commands that begin a stream are those of the Go peer, see `serve.rs`.

mod drive;
mod serve;
mod session;

use session::{Outcome, Session};
use std::process::exit;
use tokio::net::TcpStream;
use tokio_util::compat::TokioAsyncReadCompatExt;
use yamux::{Config, Connection, Mode};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    match runtime.block_on(run(&arguments)) {
        Ok(()) => println!("ok {arguments:?}"),
        Err(cause) => {
            println!("FAIL {cause}");
            exit(1);
        }
    }
}

/// `client|server PORT SCENARIO [NUMBER ...]`
async fn run(arguments: &[String]) -> Outcome<()> {
    let [role, port, scenario, numbers @ ..] = arguments else {
        return Err("usage: yamuxpeer client|server PORT SCENARIO [NUMBER ...]".into());
    };
    let mode = if role == "client" { Mode::Client } else { Mode::Server };
    let numbers: Vec<usize> = numbers.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
    let socket = TcpStream::connect(("127.0.0.1", port.parse()?)).await?;
    socket.set_nodelay(true)?;
    let mut config = Config::default();
    config.set_max_num_streams(4096);
    let session = Session::start(Connection::new(socket.compat(), config, mode));
    if scenario == "serve" {
        return serve::serve(session).await;
    }
    let outcome = drive::drive(&session, scenario, &numbers).await;
    session.close().await;
    outcome
}
