// The sign-in has ended while somebody was busy here: a way to sign in without losing this page.
export function offer(place) {
  const link = document.createElement("a");
  link.href = "/sign-in";
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = document.body.dataset.signIn;
  place.append(" ", link);
}
