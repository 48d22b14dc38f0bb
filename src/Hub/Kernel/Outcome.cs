using System.Collections.Frozen;
using System.Globalization;
using CsvHelper;

namespace DispatchCenter.Hub.Kernel;

/// <summary>The result of a request: a stable code, its HTTP status, and a sentence in both languages. A refusal is a value.</summary>
public record Outcome(string Code, int Status, string Message, string MessageEn)
{
    /// <summary>How long the client must wait if busy; null otherwise.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The member of the request that is wrong; null if that is none or several.</summary>
    public string? About { get; init; }

    public bool Ok => Status < 300;

    /// <summary>The same refusal as a typed outcome.</summary>
    public Outcome<T> As<T>() => new(this);

    /// <summary>A bad request, with a sentence that says what is wrong.</summary>
    public static Outcome Bad(string sentence, params object[] blanks)
    {
        var (_, zh, en) = Sentences.Find(sentence);
        return Of(Contracts.Codes.BadRequest, (string.Format(CultureInfo.InvariantCulture, zh, blanks), string.Format(CultureInfo.InvariantCulture, en, blanks)));
    }

    /// <summary>The outcome of a code with its placeholders filled; values in Chinese and English.</summary>
    public static Outcome Of(string code, params ReadOnlySpan<(string Zh, string En)> blanks)
    {
        var (status, zh, en) = Sentences.Find(code);
        if (blanks.Length == 0) return new Outcome(code, status, zh, en);
        var (zhs, ens) = (new object[blanks.Length], new object[blanks.Length]);
        for (var i = 0; i < blanks.Length; i++) (zhs[i], ens[i]) = (blanks[i].Zh, blanks[i].En);
        return new Outcome(code, status, string.Format(CultureInfo.InvariantCulture, zh, zhs), string.Format(CultureInfo.InvariantCulture, en, ens));
    }
}

/// <summary>An outcome that carries a value on success.</summary>
public sealed record Outcome<T> : Outcome
{
    public Outcome(T value) : base(Of("ok")) => Value = value;

    public Outcome(Outcome refused) : base(refused) => Value = default;

    public T? Value { get; }

    public static implicit operator Outcome<T>(T value) => new(value);
}

/// <summary>Every sentence the engine shows to people, from the <c>Sentences.csv</c> of each module: code, HTTP status, Chinese, English.</summary>
public static class Sentences
{
    private static readonly FrozenDictionary<string, (int Status, string Zh, string En)> All = Load();

    public static IEnumerable<string> Codes => All.Keys;

    public static bool Has(string code) => All.ContainsKey(code);

    /// <summary>An unknown code is a bug and throws.</summary>
    public static (int Status, string Zh, string En) Find(string code) => All[code];

    /// <summary>The lines of every embedded table whose name ends like this, in any folder.</summary>
    internal static IEnumerable<CsvReader> Tables(string end)
    {
        var assembly = typeof(Sentences).Assembly;
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(end, StringComparison.Ordinal)))
        {
            using var table = assembly.GetManifestResourceStream(name)!;
            using var csv = CsvReader.Create(table, new CsvReaderOptions { Separator = ',' });
            while (csv.Read()) yield return csv;
        }
    }

    private static FrozenDictionary<string, (int Status, string Zh, string En)> Load()
    {
        var all = new Dictionary<string, (int, string, string)>();
        foreach (var csv in Tables(".Sentences.csv"))
            if (!all.TryAdd(csv.GetString("code"), (int.Parse(csv.GetString("status"), CultureInfo.InvariantCulture), csv.GetString("zh"), csv.GetString("en")))) throw new InvalidOperationException($"The sentence {csv.GetString("code")} is in two tables.");
        return all.ToFrozenDictionary();
    }
}
