//! One task owns the connection; everybody else asks it for streams.

use futures::channel::{mpsc, oneshot};
use futures::future::poll_fn;
use futures::{AsyncRead, AsyncWrite, SinkExt, Stream as _};
use std::cell::RefCell;
use std::pin::Pin;
use std::task::{Context, Poll};
use yamux::{Connection, Stream};

pub type Outcome<T> = Result<T, Box<dyn std::error::Error>>;
type Answer = oneshot::Sender<yamux::Result<Stream>>;

pub struct Session {
    requests: RefCell<mpsc::Sender<Answer>>,
    pub inbound: RefCell<mpsc::UnboundedReceiver<Stream>>,
    ended: RefCell<Option<oneshot::Receiver<Option<String>>>>,
}

impl Session {
    pub fn start<T: AsyncRead + AsyncWrite + Unpin + Send + 'static>(connection: Connection<T>) -> Session {
        let (requests, asked) = mpsc::channel(0);
        let (arrived, inbound) = mpsc::unbounded();
        let (over, ended) = oneshot::channel();
        let mut owner = Owner { connection, asked, waiting: None, arrived, closing: false };
        tokio::spawn(async move {
            let outcome = poll_fn(|cx| owner.poll(cx)).await;
            let _ = over.send(outcome.err().map(|cause| cause.to_string()));
        });
        Session {
            requests: RefCell::new(requests),
            inbound: RefCell::new(inbound),
            ended: RefCell::new(Some(ended)),
        }
    }

    pub async fn open(&self) -> Outcome<Stream> {
        let (answer, stream) = oneshot::channel();
        let mut requests = self.requests.borrow().clone();
        requests.send(answer).await?;
        Ok(stream.await??)
    }

    /// Closes the session and waits for its end.
    pub async fn close(&self) {
        self.requests.borrow_mut().close_channel();
        self.error().await;
    }

    /// Waits for the session's end and returns what went wrong, if anything did.
    pub async fn error(&self) -> Option<String> {
        let ended = self.ended.borrow_mut().take();
        match ended {
            Some(ended) => ended.await.unwrap_or(None),
            None => None,
        }
    }
}

struct Owner<T> {
    connection: Connection<T>,
    asked: mpsc::Receiver<Answer>,
    waiting: Option<Answer>,
    arrived: mpsc::UnboundedSender<Stream>,
    closing: bool,
}

impl<T: AsyncRead + AsyncWrite + Unpin> Owner<T> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<yamux::Result<()>> {
        loop {
            if self.closing {
                return self.connection.poll_close(cx);
            }
            if self.waiting.is_none() {
                match Pin::new(&mut self.asked).poll_next(cx) {
                    Poll::Ready(Some(answer)) => self.waiting = Some(answer),
                    Poll::Ready(None) => {
                        self.closing = true;
                        continue;
                    }
                    Poll::Pending => {}
                }
            }
            if let Some(answer) = self.waiting.take() {
                match self.connection.poll_new_outbound(cx) {
                    Poll::Ready(stream) => {
                        let _ = answer.send(stream);
                        continue;
                    }
                    Poll::Pending => self.waiting = Some(answer),
                }
            }
            match self.connection.poll_next_inbound(cx) {
                Poll::Ready(Some(Ok(stream))) => {
                    let _ = self.arrived.unbounded_send(stream);
                }
                Poll::Ready(Some(Err(cause))) => return Poll::Ready(Err(cause)),
                Poll::Ready(None) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}
