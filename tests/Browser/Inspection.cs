using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;

namespace DispatchCenter.Browser;

/// <summary>
/// What must hold for every page in every state: axe finds nothing by day or by night, no key appears instead of text, English pages
/// contain no Chinese except the switch back, and nothing scrolls sideways. Each look leaves screenshots for people.
/// </summary>
internal sealed partial class Inspection(string language)
{
    // What the eye and the screen reader get: the page's text, title, labels and hints.
    private const string AllWords = """
        () => {
            const words = [document.title, document.body.innerText];
            for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]'))
                words.push(element.getAttribute('aria-label'), element.getAttribute('placeholder'), element.getAttribute('title'));
            return words.filter(Boolean).join('\n');
        }
        """;

    private const string Violations = """
        async (rule) => {
            const rules = rule === 'all but contrast' ? { rules: { 'color-contrast': { enabled: false } } } : rule ? { runOnly: [rule] } : {};
            const found = await axe.run(document, { resultTypes: ['violations'], ...rules });
            if (found.passes.length === 0) return ['axe has looked at nothing'];
            return found.violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html}: ${node.failureSummary}`));
        }
        """;

    private const string WithoutContrast = "all but contrast";

    private static readonly string AxeScript = new BundledAxeScriptProvider().GetScript();

    private readonly List<string> _faults = [];

    public void HoldsEverywhere() => Assert.True(_faults.Count == 0, string.Join('\n', _faults.Distinct()));

    public async Task LookAsync(Window window, string name)
    {
        if (await window.Find("html").GetAttributeAsync("lang") is var lang && lang != language)
            _faults.Add($"{name}: the page says that it is in {lang}");
        var words = await window.Page.EvaluateAsync<string>(AllWords);
        _faults.AddRange(KeyOrPlace().Matches(words).Select(match => $"{name}: no words for {match.Value}"));
        if (language == "en")
            _faults.AddRange(Chinese().Matches(words.Replace("中文", "", StringComparison.Ordinal)).Select(match => $"{name}: not in English: {match.Value}"));
        var sideways = await window.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
        if (sideways > 0)
            _faults.Add($"{name}: must be scrolled sideways by {sideways} px");

        if (language == "en")
        {
            await LookThroughAxeAsync(window, name + "-en", ColorScheme.Light, WithoutContrast); // the colours are the same
            return;
        }

        // At night only the colours differ.
        await LookThroughAxeAsync(window, name + "-day", ColorScheme.Light, null);
        await LookThroughAxeAsync(window, name + "-night", ColorScheme.Dark, "color-contrast");
    }

    private async Task LookThroughAxeAsync(Window window, string name, ColorScheme scheme, string? rule)
    {
        await window.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        // The package opens a second page for every look, to combine frames; ours have none, so axe is called directly.
        if (!await window.Page.EvaluateAsync<bool>("() => 'axe' in window"))
            await window.Page.EvaluateAsync(AxeScript);
        var found = await window.Page.EvaluateAsync<string[]>(Violations, rule);
        _faults.AddRange(found.Select(fault => $"{name}: {fault}"));
        await window.ShootAsync(name, whole: true);
    }

    [GeneratedRegex(@"\b(app|time|urgent|home|room|door|signin|places|factor|whistle|shelf|track|near|party|follow|intake|photo|here|who|solved|posters|satisfaction|headline|step|promise|done|post|error|ui|guide|brief)(\.[a-zA-Z0-9]+)+\b|\{\d\}|\bundefined\b|\bNaN\b|\[object")]
    private static partial Regex KeyOrPlace();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}[^\n]*")]
    private static partial Regex Chinese();
}
