using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;

namespace DispatchCenter.Browser;

/// <summary>
/// What must hold of every page in every state: axe finds nothing by day and by night, no key stands where words should, English pages
/// hold no Chinese but the way back, and nothing must be scrolled sideways. Each look leaves pictures for people.
/// </summary>
internal sealed partial class Inspection(string language)
{
    // What the eye and the screen reader get: the text of the page, its title, its labels and hints.
    private const string AllWords = """
        () => {
            const words = [document.title, document.body.innerText];
            for (const element of document.querySelectorAll('[aria-label], [placeholder], [title]'))
                words.push(element.getAttribute('aria-label'), element.getAttribute('placeholder'), element.getAttribute('title'));
            return words.filter(Boolean).join('\n');
        }
        """;

    private readonly List<string> _faults = [];

    public void HoldsEverywhere() => Assert.Empty(_faults.Distinct());

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
            await window.ShootAsync(name + "-en", whole: true);
            return;
        }

        // By night only the colours are others.
        await LookThroughAxeAsync(window, name + "-day", ColorScheme.Light, null);
        await LookThroughAxeAsync(window, name + "-night", ColorScheme.Dark, "color-contrast");
    }

    private async Task LookThroughAxeAsync(Window window, string name, ColorScheme scheme, string? rule)
    {
        await window.Page.EmulateMediaAsync(new() { ColorScheme = scheme });
        var options = new AxeRunOptions { ResultTypes = [ResultType.Violations] };
        if (rule is not null)
            options.RunOnly = RunOnlyOptions.Rules(rule);
        var found = await window.Page.RunAxe(options);
        foreach (var violation in found.Violations)
            foreach (var node in violation.Nodes)
                _faults.Add($"{name}: {violation.Id}: {node.Html}: {string.Join("; ", node.Any.Concat(node.All).Concat(node.None).Select(why => why.Message))}");
        await window.ShootAsync(name, whole: true);
    }

    [GeneratedRegex(@"\b(app|time|urgent|home|room|door|signin|places|whistle|shelf|track|satisfaction|headline|step|promise|done|post|error|ui)(\.[a-zA-Z0-9]+)+\b|\{\d\}|\bundefined\b|\bNaN\b|\[object")]
    private static partial Regex KeyOrPlace();

    [GeneratedRegex(@"\p{IsCJKUnifiedIdeographs}[^\n]*")]
    private static partial Regex Chinese();
}
