//! Answers streams until the session ends. The first byte of a stream says what to do:
//!
//! - `B` n:8 - send n bytes of payload and receive as many, then one byte `k`; both sides finish
//! - `C` - read to the end, then answer count:8 and a sum of bytes:4, and finish
//! - `E` - echo to the end
//! - `H` - hold: neither read nor write until the session ends
//! - `X` - drop the stream, which resets it

use crate::session::{Outcome, Session};
use futures::{AsyncReadExt, AsyncWriteExt, StreamExt};
use std::cell::RefCell;
use std::rc::Rc;
use yamux::Stream;

const PIECE: usize = 16 * 1024;

pub async fn serve(session: Session) -> Outcome<()> {
    let failure: Rc<RefCell<Option<String>>> = Rc::default();
    let tasks = tokio::task::LocalSet::new();
    tasks
        .run_until(async {
            let mut held = Vec::new();
            while let Some(mut stream) = session.inbound.borrow_mut().next().await {
                let mut command = [0u8; 1];
                if stream.read_exact(&mut command).await.is_err() {
                    continue;
                }
                if command[0] == b'H' {
                    held.push(stream);
                    continue;
                }
                let failure = failure.clone();
                tokio::task::spawn_local(async move {
                    if let Err(cause) = answer(command[0], stream).await {
                        failure.borrow_mut().get_or_insert(cause.to_string());
                    }
                });
            }
        })
        .await;
    if let Some(cause) = failure.borrow_mut().take() {
        return Err(cause.into());
    }
    match session.error().await {
        Some(cause) if !cause.contains("closed") && !cause.contains("reset by peer") => Err(cause.into()),
        _ => Ok(()),
    }
}

async fn answer(command: u8, stream: Stream) -> Outcome<()> {
    match command {
        b'B' => answer_bulk(stream).await,
        b'C' => answer_count(stream).await,
        b'E' => answer_echo(stream).await,
        b'X' => Ok(()),
        other => Err(format!("unknown command {other}").into()),
    }
}

async fn answer_bulk(mut stream: Stream) -> Outcome<()> {
    let mut length = [0u8; 8];
    stream.read_exact(&mut length).await?;
    let bytes = u64::from_be_bytes(length) as usize;
    both_ways(&mut stream, bytes).await?;
    stream.write_all(b"k").await?;
    stream.close().await?;
    Ok(())
}

async fn answer_count(mut stream: Stream) -> Outcome<()> {
    let (mut count, mut sum) = (0u64, 0u32);
    let mut buffer = vec![0u8; PIECE];
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        count += n as u64;
        sum = sum_of(sum, &buffer[..n]);
    }
    stream.write_all(&count.to_be_bytes()).await?;
    stream.write_all(&sum.to_be_bytes()).await?;
    stream.close().await?;
    Ok(())
}

async fn answer_echo(mut stream: Stream) -> Outcome<()> {
    let mut buffer = vec![0u8; PIECE];
    loop {
        let n = stream.read(&mut buffer).await?;
        if n == 0 {
            break;
        }
        stream.write_all(&buffer[..n]).await?;
        stream.flush().await?;
    }
    stream.close().await?;
    Ok(())
}

/// Sends and receives the payload at the same time.
pub async fn both_ways(stream: &mut Stream, bytes: usize) -> Outcome<()> {
    let (mut input, mut output) = AsyncReadExt::split(stream);
    let send = async {
        let mut at = 0;
        while at < bytes {
            let piece: Vec<u8> = (at..bytes.min(at + PIECE)).map(pattern_at).collect();
            output.write_all(&piece).await?;
            at += piece.len();
        }
        output.flush().await?;
        Outcome::Ok(())
    };
    let receive = async {
        let mut buffer = vec![0u8; PIECE];
        let mut at = 0;
        while at < bytes {
            let wanted = PIECE.min(bytes - at);
            let n = input.read(&mut buffer[..wanted]).await?;
            if n == 0 {
                return Err(format!("the end after {at} of {bytes} bytes").into());
            }
            if let Some(wrong) = (0..n).find(|&i| buffer[i] != pattern_at(at + i)) {
                return Err(format!("byte {} differs", at + wrong).into());
            }
            at += n;
        }
        Outcome::Ok(())
    };
    let (sent, received) = futures::future::join(send, receive).await;
    sent.and(received)
}

pub fn pattern_at(i: usize) -> u8 {
    (i.wrapping_mul(7).wrapping_add(i >> 8)) as u8
}

/// CRC-32 as in the Go peer, continued from `sum`.
pub fn sum_of(sum: u32, bytes: &[u8]) -> u32 {
    let mut crc = !sum;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    !crc
}
