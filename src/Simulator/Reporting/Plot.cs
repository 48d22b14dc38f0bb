using System.Globalization;
using System.Net;
using System.Text;

namespace DispatchCenter.Simulator.Reporting;

/// <summary>A line plot as inline SVG, 360 units wide so that its words can be read on a telephone. A gap in a line is a part without a sample.</summary>
internal static class Plot
{
    private const double Width = 360, Height = 200, Left = 46, Right = 8, Top = 10, Bottom = 26;

    private static readonly double[] _steps = [1, 2, 4, 8, 10];

    /// <summary>How the lines differ, also without colour.</summary>
    private static readonly string[] _styles = ["a", "b"];

    /// <param name="title">What it shows, for those who do not see it.</param>
    /// <param name="seconds">The length of the run.</param>
    /// <param name="unit">Of the values.</param>
    /// <param name="lines">Two at most; each has a value, or none, for each part.</param>
    public static string Draw(string title, double seconds, IReadOnlyList<double> at, string unit, params IReadOnlyList<IReadOnlyList<double?>> lines)
    {
        var most = Above(lines.SelectMany(l => l).Max() ?? 0);
        double X(double second) => Left + (second / Math.Max(seconds, 1e-9) * (Width - Left - Right));
        double Y(double value) => Height - Bottom - (value / most * (Height - Top - Bottom));
        var svg = new StringBuilder();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width:0} {Height:0}\" role=\"img\" aria-label=\"{WebUtility.HtmlEncode(title)}\">");
        for (var i = 0; i <= 4; i++)
        {
            var value = most * i / 4;
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left:0.#} {Y(value):0.#}H{Width - Right:0.#}\"/><text x=\"{Left - 4:0.#}\" y=\"{Y(value) + 4:0.#}\" text-anchor=\"end\">{Said(value)}</text>");
        }

        for (var i = 0; i <= 4; i++)
            svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{X(seconds * i / 4):0.#}\" y=\"{Height - 8:0.#}\" text-anchor=\"{(i == 0 ? "start" : i == 4 ? "end" : "middle")}\">{Time(seconds * i / 4)}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left + 4:0.#}\" y=\"{Top + 9:0.#}\" class=\"unit\">{WebUtility.HtmlEncode(unit)}</text>");
        for (var l = 0; l < lines.Count; l++) Line(svg, _styles[l], at, lines[l], X, Y);
        return svg.Append("</svg>").ToString();
    }

    private static void Line(StringBuilder svg, string style, IReadOnlyList<double> at, IReadOnlyList<double?> values, Func<double, double> x, Func<double, double> y)
    {
        var (path, isOpen) = (new StringBuilder(), false);
        for (var i = 0; i < values.Count; i++)
        {
            if (values[i] is not { } value)
            {
                isOpen = false;
                continue;
            }

            path.Append(CultureInfo.InvariantCulture, $"{(isOpen ? 'L' : 'M')}{x(at[i]):0.#} {y(value):0.#}");
            isOpen = true;
            var isAlone = (i == 0 || values[i - 1] is null) && (i == values.Count - 1 || values[i + 1] is null);
            if (isAlone) svg.Append(CultureInfo.InvariantCulture, $"<circle class=\"{style}\" cx=\"{x(at[i]):0.#}\" cy=\"{y(value):0.#}\" r=\"2\"/>");
        }

        if (path.Length > 0) svg.Append(CultureInfo.InvariantCulture, $"<path class=\"line {style}\" d=\"{path}\"/>");
    }

    /// <summary>The next of 1, 2, 4 or 8 times a power of ten, so that a quarter of it is short to write.</summary>
    internal static double Above(double most)
    {
        if (most <= 0) return 1;
        var power = Math.Pow(10, Math.Floor(Math.Log10(most)));
        return _steps.Select(step => step * power).First(step => step >= most * (1 - 1e-9));
    }

    internal static string Said(double value) => value switch
    {
        >= 1_000_000 => $"{(value / 1_000_000).ToString("0.##", CultureInfo.InvariantCulture)}M",
        >= 10_000 => $"{(value / 1_000).ToString("0.##", CultureInfo.InvariantCulture)}k",
        _ => value.ToString("0.###", CultureInfo.InvariantCulture),
    };

    /// <summary>90 s, 12:30 or 1:02:03 from the beginning.</summary>
    internal static string Time(double seconds) => TimeSpan.FromSeconds(Math.Round(seconds)) switch
    {
        { TotalHours: >= 1 } long_ => $"{(int)long_.TotalHours}:{long_.Minutes:00}:{long_.Seconds:00}",
        { TotalSeconds: >= 100 } minutes => $"{(int)minutes.TotalMinutes}:{minutes.Seconds:00}",
        var few => $"{few.TotalSeconds:0} s",
    };
}
