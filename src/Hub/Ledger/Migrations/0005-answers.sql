-- What a gateway reported: a key that was pressed, or a reply. Remembered by the gateway's own number for it, so that nothing counts twice.
CREATE TABLE gateway_answers (
  channel {text} NOT NULL,
  id {text} NOT NULL,
  at {int64} NOT NULL,
  post {text} NOT NULL,
  call_no {text} NOT NULL,
  says {text} NOT NULL,
  code {text} NOT NULL,
  PRIMARY KEY (channel, id)
);
CREATE INDEX gateway_answers_call ON gateway_answers (call_no);
CREATE INDEX gateway_answers_at ON gateway_answers (at);
