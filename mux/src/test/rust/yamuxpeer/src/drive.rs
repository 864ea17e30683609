//! The scenarios in which this side opens the streams.

use crate::serve::{both_ways, pattern_at, sum_of};
use crate::session::{Outcome, Session};
use futures::future::join_all;
use futures::{AsyncReadExt, AsyncWriteExt};
use std::time::Duration;

pub async fn drive(session: &Session, scenario: &str, numbers: &[usize]) -> Outcome<()> {
    let first = numbers.first().copied().unwrap_or(0);
    let second = numbers.get(1).copied().unwrap_or(0);
    match scenario {
        "bulk" => all(join_all((0..first).map(|_| bulk(session, second))).await),
        "echo" => all(join_all((0..second).map(|worker| echoes(session, worker, first / second))).await),
        "opens" => opens(session, first).await,
        "half" => {
            for _ in 0..first {
                half(session, second).await?;
            }
            Ok(())
        }
        "reset" => reset(session).await,
        "idle" => idle(session, Duration::from_millis(first as u64)).await,
        other => Err(format!("unknown scenario {other}").into()),
    }
}

fn all(outcomes: Vec<Outcome<()>>) -> Outcome<()> {
    outcomes.into_iter().collect()
}

async fn bulk(session: &Session, bytes: usize) -> Outcome<()> {
    let mut stream = session.open().await?;
    stream.write_all(b"B").await?;
    stream.write_all(&(bytes as u64).to_be_bytes()).await?;
    both_ways(&mut stream, bytes).await?;
    stream.close().await?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await?;
    if rest != b"k" {
        return Err(format!("verdict {rest:?} (expected: k)").into());
    }
    Ok(())
}

async fn echoes(session: &Session, worker: usize, count: usize) -> Outcome<()> {
    for _ in 0..count {
        echo(session, worker as u8).await?;
    }
    Ok(())
}

async fn echo(session: &Session, value: u8) -> Outcome<()> {
    let mut stream = session.open().await?;
    let mut message = [value; 65];
    message[0] = b'E';
    stream.write_all(&message).await?;
    let mut reply = [0u8; 64];
    stream.read_exact(&mut reply).await?;
    if reply[..] != message[1..] {
        return Err("the echo differs".into());
    }
    stream.close().await?;
    let mut rest = Vec::new();
    stream.read_to_end(&mut rest).await?;
    if rest.is_empty() {
        Ok(())
    } else {
        Err(format!("{} bytes after the echo", rest.len()).into())
    }
}

/// Opens more streams than may be unacknowledged; each is written to only when all are open.
async fn opens(session: &Session, count: usize) -> Outcome<()> {
    let mut streams = Vec::new();
    for _ in 0..count {
        let mut stream = session.open().await?;
        stream.write_all(b"E").await?;
        streams.push(stream);
    }
    for (i, stream) in streams.iter_mut().enumerate() {
        stream.write_all(&[i as u8]).await?;
    }
    for (i, stream) in streams.iter_mut().enumerate() {
        let mut reply = [0u8; 1];
        stream.read_exact(&mut reply).await?;
        if reply[0] != i as u8 {
            return Err(format!("stream {i} answered {}", reply[0]).into());
        }
        stream.close().await?;
    }
    Ok(())
}

async fn half(session: &Session, bytes: usize) -> Outcome<()> {
    let mut stream = session.open().await?;
    let payload: Vec<u8> = (0..bytes).map(pattern_at).collect();
    stream.write_all(b"C").await?;
    stream.write_all(&payload).await?;
    stream.close().await?;
    let mut reply = Vec::new();
    stream.read_to_end(&mut reply).await?;
    let mut expected = (bytes as u64).to_be_bytes().to_vec();
    expected.extend(sum_of(0, &payload).to_be_bytes());
    if reply != expected {
        return Err(format!("count and sum {reply:?} (expected: {expected:?})").into());
    }
    Ok(())
}

async fn reset(session: &Session) -> Outcome<()> {
    let mut stream = session.open().await?;
    stream.write_all(b"X").await?;
    let mut rest = Vec::new();
    // This library shows a reset by its peer to the reader as an end of the stream and to the writer as an error.
    let _ = stream.read_to_end(&mut rest).await;
    if stream.write_all(b"more").await.is_ok() || !rest.is_empty() {
        return Err("the stream lives on after a reset".into());
    }
    echo(session, 1).await
}

async fn idle(session: &Session, length: Duration) -> Outcome<()> {
    echo(session, 1).await?;
    tokio::time::sleep(length).await;
    echo(session, 2).await
}
