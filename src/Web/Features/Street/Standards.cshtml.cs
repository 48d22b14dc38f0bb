using DispatchCenter.Contracts;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Street;
using DispatchCenter.Web.Kernel;
using DispatchCenter.Web.Kernel.Words;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace DispatchCenter.Web.Features.Street;

/// <summary>Which of the street's categories each line of the city's standards belongs to: unmapped lines first, a page at a time. Works without JavaScript.</summary>
public sealed class StandardsModel(StandardsBook standards, PolicyBook policies, Wording words) : PageModel
{
    /// <summary>Lines per page.</summary>
    public const int Most = 100;

    public const string Unmapped = "unmapped", Mapped = "mapped", All = "";

    /// <summary>A line with the category that is chosen for it, and why that cannot be.</summary>
    public sealed record Line(StandardView Standard, string? Chosen, string? Mistake);

    public IReadOnlyList<Line> Lines { get; private set; } = [];

    /// <summary>How many lines fit the question, on all pages.</summary>
    public int Found { get; private set; }

    public int Total => standards.View.Standards.Count;

    public int Unassigned => standards.View.Standards.Count(s => s.Category is null);

    /// <summary>Categories to which several lines are mapped: no line applies to them by itself.</summary>
    public IEnumerable<string> Shared => standards.View.Standards.Where(s => s.Category is not null).GroupBy(s => s.Category!).Where(g => g.Count() > 1).Select(g => Name(g.Key)).Order(StringComparer.Ordinal);

    public IEnumerable<Category> Categories => policies.Current.Latest.Categories;

    public string Of { get; private set; } = All;

    public string Query { get; private set; } = "";

    /// <summary>From 0.</summary>
    public int At { get; private set; }

    public string? Done { get; private set; }

    public string? Error { get; private set; }

    public void OnGet(string? of, string? q, int at) => Fill(of, q, at, []);

    /// <param name="key">The lines of the form.</param>
    /// <param name="was">The category of each when it was shown; empty for none.</param>
    /// <param name="now">The category chosen for each.</param>
    public async Task<IActionResult> OnPostAsync(string? of, string? q, int at, string[] key, string[] was, string[] now)
    {
        if (key.Length > Most || was.Length != key.Length || now.Length != key.Length || key.Distinct().Count() != key.Length) return BadRequest();
        var wanted = key.Select((k, i) => (Key: k, Was: Code(was[i]), Now: Code(now[i]))).ToDictionary(w => w.Key, w => (w.Was, w.Now));
        var mistakes = wanted.Where(w => w.Value.Now is { } code && code != w.Value.Was && policies.Current.Latest.FindCategory(code) is null).ToDictionary(w => w.Key, w => words["standards.unknown", w.Value.Now!]);
        var gone = new List<string>();
        if (mistakes.Count == 0)
        {
            foreach (var late in await standards.MapAsync(wanted, HttpContext.Staff()!.Id, HttpContext.RequestAborted))
            {
                if (standards.Find(late) is { } line) mistakes.Add(late, words["standards.overtaken", line.Category is { } has ? Name(has) : words["admin.unmapped"]]);
                else gone.Add(late);
            }
        }

        var changed = wanted.Count(w => w.Value.Was != w.Value.Now);
        if (gone.Count > 0) Error = words["standards.gone", string.Join(' ', gone)];
        else if (mistakes.Count > 0) Error = words["standards.refused", mistakes.Count];
        else Done = changed == 0 ? words["standards.unchanged"] : words["standards.kept", changed];
        Fill(of, q, at, Error is null ? [] : key.ToDictionary(k => k, k => (wanted[k].Now, mistakes.GetValueOrDefault(k))));
        return Page();
    }

    public string Name(string code) => policies.Current.Latest.FindCategory(code) is { } category ? $"{code} {words.Pick(category.Name, category.NameEn)}" : code;

    /// <param name="typed">What was chosen and could not be kept; these lines stay where they are.</param>
    private void Fill(string? of, string? q, int at, Dictionary<string, (string? Chosen, string? Mistake)> typed)
    {
        (Of, Query) = (of is Unmapped or Mapped ? of : All, q?.Trim() ?? string.Empty);
        var found = standards.View.Standards
            .Where(s => typed.Count > 0 ? typed.ContainsKey(s.Key) : Of switch { Unmapped => s.Category is null, Mapped => s.Category is not null, _ => true } && Fits(s))
            .OrderBy(s => s.Category is not null).ToList(); // stable: in the order of the table
        Found = found.Count;
        At = typed.Count > 0 ? 0 : Math.Clamp(at, 0, Math.Max(0, (Found - 1) / Most));
        Lines = [.. found.Skip(At * Most).Take(Most).Select(s => typed.TryGetValue(s.Key, out var t) ? new Line(s, t.Chosen, t.Mistake) : new Line(s, s.Category, null))];

        bool Fits(StandardView s) => Query.Length == 0 || new[] { s.Key, s.ClassName, s.ItemName, s.Condition, s.Category is { } code ? Name(code) : string.Empty }.Any(text => text.Contains(Query, StringComparison.OrdinalIgnoreCase));
    }

    private static string? Code(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
