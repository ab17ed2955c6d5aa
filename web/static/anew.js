// The station begins anew with what was set: for some seconds nothing answers, so nobody is sent anywhere meanwhile.
const notice = document.querySelector("[data-anew]");
const steps = document.querySelector("#main ol");
const LONGEST_MS = 15000;
const began = Date.now();

async function look() {
  try {
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    if (!page.querySelector("[data-anew]")) return location.reload();
  } catch {
    // it is just beginning anew
  }
  if (Date.now() - began > LONGEST_MS) steps.inert = false; // something sounds: it may take long
  return setTimeout(look, 1000);
}

if (notice) {
  steps.inert = true;
  look();
}
