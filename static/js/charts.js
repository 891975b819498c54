// Draws <div data-chart="ID"> from the JSON in <script type="application/json" id="ID">. The figures stand in a table
// beside it, so nothing is lost where this does not run. What the JSON holds is written in components/chart.html.
(function () {
  "use strict";

  const styles = () => getComputedStyle(document.documentElement);
  const TONES = {
    brand: "--brand", gold: "--gold-fill", good: "--good-fill", warn: "--warn-fill",
    bad: "--bad-fill", info: "--info-fill", quiet: "--edge",
  };
  const ORDER = ["brand", "gold", "info", "good", "bad", "quiet"];

  /** The page's own colours, light or dark, as the charts use them. */
  function paint() {
    const style = styles();
    const read = (name) => style.getPropertyValue(name).trim();
    return {
      ink: read("--ink"), soft: read("--ink-soft"), line: read("--line"), card: read("--card"),
      track: read("--quiet-soft"), font: read("--bs-font-sans-serif"),
      heat: ["--heat-1", "--heat-2", "--heat-3", "--heat-4"].map(read),
      tone: (name, index) => read(TONES[name] || TONES[ORDER[index % ORDER.length]]),
    };
  }

  /** The theme in ECharts' own terms; registered anew for light and for dark. */
  function theme(colours) {
    const axis = {
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      axisLabel: { color: colours.soft },
      splitLine: { lineStyle: { color: colours.line } },
      nameTextStyle: { color: colours.soft },
    };
    return {
      color: ORDER.map((tone) => colours.tone(tone)),
      backgroundColor: "transparent",
      textStyle: { color: colours.ink, fontFamily: colours.font },
      legend: { textStyle: { color: colours.soft } },
      categoryAxis: { ...axis, splitLine: { show: false } },
      valueAxis: { ...axis, axisLine: { show: false } },
    };
  }

  // The html tooltip would need inline styles, which the content policy forbids.
  function tooltip(colours, trigger) {
    return {
      trigger, renderMode: "richText", confine: true, backgroundColor: colours.card,
      borderColor: colours.line, textStyle: { color: colours.ink },
    };
  }

  function axes(spec, colours) {
    return {
      grid: { left: 8, right: 16, top: spec.series.length > 1 || spec.unit ? 44 : 16, bottom: 8, containLabel: true },
      legend: { show: spec.series.length > 1, top: 0, right: 0, icon: "roundRect" },
      tooltip: tooltip(colours, "axis"),
      xAxis: { type: "category", data: spec.labels },
      yAxis: { type: "value", name: spec.unit || "", nameTextStyle: { align: "left" } },
      series: spec.series.map((series, index) => line(series, spec.kind, colours.tone(series.tone, index))),
    };
  }

  function line(series, kind, colour) {
    const shared = { name: series.name, data: series.values, itemStyle: { color: colour } };
    if ((series.kind || kind) === "line") {
      return { ...shared, type: "line", symbolSize: 7, connectNulls: false, lineStyle: { width: 3, color: colour } };
    }
    return { ...shared, type: "bar", barMaxWidth: 28, itemStyle: { color: colour, borderRadius: [5, 5, 0, 0] } };
  }

  function gauge(spec, colours) {
    const series = spec.series[0];
    const colour = colours.tone(series.tone, 0);
    return {
      series: [{
        type: "gauge", startAngle: 210, endAngle: -30, min: 0, max: 100, center: ["50%", "60%"], radius: "95%",
        data: [{ value: series.values[0], name: series.name }],
        progress: { show: true, width: 16, roundCap: true, itemStyle: { color: colour } },
        axisLine: { roundCap: true, lineStyle: { width: 16, color: [[1, colours.track]] } },
        pointer: { show: false }, axisTick: { show: false }, splitLine: { show: false }, axisLabel: { show: false },
        title: { offsetCenter: [0, "34%"], color: colours.soft },
        detail: { offsetCenter: [0, "0%"], formatter: `{value} ${spec.unit || "%"}`, color: colours.ink, fontSize: 26 },
      }],
    };
  }

  function pie(spec, colours) {
    const values = spec.series[0].values;
    return {
      legend: { bottom: 0 },
      tooltip: tooltip(colours, "item"),
      series: [{
        type: "pie", radius: ["48%", "74%"], center: ["50%", "44%"], label: { show: false },
        itemStyle: { borderColor: colours.card, borderWidth: 3 },
        data: values.map((value, index) => ({ value, name: spec.labels[index] })),
      }],
    };
  }

  function heatmap(spec, colours) {
    const figures = spec.series[0].values.map((cell) => cell[2]).filter((figure) => figure !== null);
    return {
      grid: { left: 8, right: 8, top: 8, bottom: 56, containLabel: true },
      tooltip: tooltip(colours, "item"),
      xAxis: { type: "category", data: spec.labels },
      yAxis: { type: "category", data: spec.rows, inverse: true },
      visualMap: {
        min: Math.min(...figures), max: Math.max(...figures), calculable: false, orient: "horizontal", left: "center",
        bottom: 0, itemWidth: 12, textStyle: { color: colours.soft },
        inRange: { color: colours.heat },
      },
      series: [{
        type: "heatmap", name: spec.series[0].name, data: spec.series[0].values,
        label: { show: spec.labels.length <= 12, color: colours.ink },
        itemStyle: { borderColor: colours.card, borderWidth: 2, borderRadius: 4 },
      }],
    };
  }

  const KINDS = { line: axes, bar: axes, gauge, pie, heatmap };
  const drawn = new Map();

  function draw(place) {
    const data = document.getElementById(place.dataset.chart);
    if (!data || !window.echarts) return;
    const spec = JSON.parse(data.textContent);
    const colours = paint();
    const name = document.documentElement.getAttribute("data-bs-theme");
    window.echarts.registerTheme(name, theme(colours));
    if (drawn.has(place)) drawn.get(place).dispose();
    const chart = window.echarts.init(place, name);
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    chart.setOption({ animation: !still, animationDuration: 300, ...KINDS[spec.kind](spec, colours) });
    drawn.set(place, chart);
  }

  function drawAll() {
    drawn.forEach((chart, place) => {
      if (place.isConnected) return;
      chart.dispose();
      drawn.delete(place);
    });
    document.querySelectorAll("[data-chart]").forEach(draw);
  }

  drawAll();
  document.addEventListener("theme", drawAll);
  document.addEventListener("htmx:after:swap", drawAll);
  window.addEventListener("resize", () => drawn.forEach((chart) => chart.resize()));
})();
