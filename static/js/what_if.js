// A slider and the number beside it say the same. The number is what is sent; without script it stands alone.
(function () {
  "use strict";

  const form = document.querySelector("[data-what-if]");
  if (!form) return;

  form.addEventListener("input", (event) => {
    const slides = event.target.dataset.slides;
    if (slides) {
      document.getElementById(slides).value = event.target.value;
      return;
    }
    const slider = form.querySelector(`[data-slides="${event.target.name}"]`);
    if (slider) slider.value = event.target.value || 0;
  });
})();
