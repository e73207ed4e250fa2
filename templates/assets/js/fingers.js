const stroke = 60; // px of a swipe

// fingers tells of a swipe with one finger over the desk and of a pinch with two.
export function fingers(root, tell) {
  let from = null;
  let apart = 0;
  const distance = ([a, b]) => Math.hypot(a.clientX - b.clientX, a.clientY - b.clientY);
  root.addEventListener("touchstart", (e) => {
    from = e.touches.length === 1 && e.target.closest(".desk") ? e.touches[0] : null;
    apart = e.touches.length === 2 ? distance(e.touches) : 0;
  }, { passive: true });
  root.addEventListener("touchmove", (e) => {
    if (e.touches.length !== 2 || !apart || !e.target.closest(".desk")) return;
    e.preventDefault();
    tell.pinch(distance(e.touches) / apart);
    apart = distance(e.touches);
  }, { passive: false });
  root.addEventListener("touchend", (e) => {
    const to = e.changedTouches[0];
    const desk = document.getElementById("leaf");
    if (from && desk.scrollWidth <= desk.clientWidth + 2) {
      const [x, y] = [to.clientX - from.clientX, to.clientY - from.clientY];
      if (Math.abs(x) > stroke && Math.abs(x) > 2 * Math.abs(y)) tell.swipe(x < 0 ? 1 : -1);
    }
    from = null;
  });
}
