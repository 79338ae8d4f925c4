//! The part of a collector that `fetch` sees: two addresses over HTTP/1.1.

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex},
    thread,
};

use survey_wire::{Day, DayTally, ExportLine};

/// What the collector holds and how it misbehaves.
#[derive(Default)]
pub(crate) struct Shelf {
    /// Lines of each day, in any order.
    pub(crate) days: BTreeMap<String, Vec<String>>,
    /// Lines that are listed and not handed out.
    pub(crate) hidden: Vec<String>,
    /// Lines of which one comes to its day after each request.
    pub(crate) late: Vec<(String, String)>,
    /// Breaks off each day's lines half way.
    pub(crate) breaks_off: bool,
    /// Everything that was asked for.
    pub(crate) asked: Vec<String>,
}

impl Shelf {
    fn listing(&self) -> String {
        let mut text = String::new();
        for (day, lines) in &self.days {
            let all = lines.iter().chain(&self.hidden);
            let mut names: Vec<_> = all.filter_map(|line| name(line)).collect();
            names.sort();
            let mut tally = DayTally::default();
            names.iter().for_each(|(id, digest)| tally.push(id, digest));
            let line = tally.finish(day.parse::<Day>().unwrap());
            text += &(serde_json::to_string(&line).unwrap() + "\n");
        }
        text
    }
}

fn name(line: &str) -> Option<(survey_wire::EnvelopeId, survey_wire::Digest)> {
    let line: ExportLine = serde_json::from_str(line).ok()?;
    let envelope = survey_wire::Envelope::parse(line.envelope.as_bytes()).ok()?;
    Some((envelope.id, line.digest))
}

/// Serves a shelf until the test ends; gives the address.
pub(crate) fn serve(shelf: Arc<Mutex<Shelf>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            answer(stream.unwrap(), &shelf);
        }
    });
    address
}

fn answer(mut stream: TcpStream, shelf: &Mutex<Shelf>) {
    let mut head = BufReader::new(stream.try_clone().unwrap()).lines();
    let Some(Ok(request)) = head.next() else { return };
    while head.next().is_some_and(|line| line.is_ok_and(|line| !line.is_empty())) {}
    let target = request.split(' ').nth(1).unwrap().to_owned();
    let mut shelf = shelf.lock().unwrap();
    let body = if target == "/export/days" {
        Some(shelf.listing())
    } else {
        let day = target.strip_prefix("/export?day=");
        day.map(|day| shelf.days.get(day).map_or(String::new(), |lines| lines.join("\n") + "\n"))
    };
    shelf.asked.push(target.clone());
    if let Some((day, line)) = shelf.late.pop() {
        shelf.days.entry(day).or_default().push(line);
    }
    let (status, body) = match body {
        Some(body) => ("200 OK", body),
        None => ("404 Not Found", String::new()),
    };
    let end =
        if shelf.breaks_off && target != "/export/days" { body.len() / 2 } else { body.len() };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/x-ndjson\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&body.as_bytes()[..end]);
}
