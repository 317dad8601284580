"use strict";
// Forms marked data-passkey ask the server for a challenge, the browser for a passkey, and send the answer back.
// Everything else on the desk works without this script.

async function send(address, body, token) {
  const headers = {"Content-Type": "application/json"};
  if (token) headers["X-Desk-Token"] = token;
  const answer = await fetch(address, {method: "POST", headers, body: JSON.stringify(body)});
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error || `The desk answered ${answer.status}.`);
  return told;
}

async function passkey(kind, options) {
  if (kind === "create") {
    const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
    return (await navigator.credentials.create({publicKey})).toJSON();
  }
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return (await navigator.credentials.get({publicKey})).toJSON();
}

function explained(error) {
  if (error.name === "NotAllowedError") return "No passkey was shown. Try again when you are ready.";
  if (error.name === "InvalidStateError") return "This device holds a passkey for you already.";
  return error.message;
}

async function show(form) {
  const {passkey: kind, ask, answer, token, then} = form.dataset;
  const result = form.querySelector(".result");
  const fields = Object.fromEntries(new FormData(form));
  const button = form.querySelector("button");
  result.textContent = "Waiting for your passkey …";
  button.disabled = true;
  try {
    const options = await send(ask, fields, token);
    const credential = await passkey(kind, options.publicKey || options);
    const told = await send(answer, {...fields, ...(options.carry || {}), credential}, token);
    if (then === "back") history.back();
    else if (then === "stay") location.reload();
    else location.assign(told.to);
  } catch (error) {
    result.textContent = explained(error);
    button.disabled = false;
    button.focus();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-passkey]");
  if (!form) return;
  event.preventDefault();
  if (!window.PublicKeyCredential) form.querySelector(".result").textContent = "This browser knows no passkeys here: the desk needs HTTPS, or localhost.";
  else show(form);
});
