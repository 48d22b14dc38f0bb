using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace DispatchCenter.Mutants;

/// <summary>A change of one place of the source, as small as a slip of the hand.</summary>
/// <param name="Path">From the root of the checkout.</param>
/// <param name="Span">What <see cref="Wrap"/> replaces.</param>
/// <param name="Operator">The rule that made it.</param>
/// <param name="Wrap">Given the switch's condition and the original text (in which other mutants may stand), text that does either.</param>
internal sealed partial record Mutant(string Area, string Path, int Line, TextSpan Span, string Operator, string Before, string After, Func<string, string, string> Wrap)
{
    /// <summary>The compiler's errors where a constant became a property: in an attribute, a label, a default or another constant.</summary>
    private static readonly HashSet<string> ConstantMissing = ["CS0133", "CS0150", "CS0182", "CS1736", "CS9135"];

    /// <summary>Its place in the draw, from 1.</summary>
    public int Id { get; init; }

    /// <summary>How often the same text was changed in the same way earlier in the file.</summary>
    public int Nth { get; init; }

    public string Is => $"global::DispatchCenter.Domain.MutantSwitch.Is({Id})";

    /// <summary>The place in the draw. It depends on the mutant alone, so a change elsewhere in the source moves no other.</summary>
    public ulong Draw(int seed) => BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{Path}\n{Operator}\n{Before}\n{After}\n{Nth}")));

    /// <summary>What a later run needs, on one line.</summary>
    public string ToLine() => string.Join('\t', Id, Area, Path, Line, Operator, Before, After);

    public static Mutant Read(string line) =>
        line.Split('\t') is [var id, var area, var path, var at, var rule, var before, var after]
            ? new Mutant(area, path, int.Parse(at, CultureInfo.InvariantCulture), default, rule, before, after, (_, was) => was) { Id = int.Parse(id, CultureInfo.InvariantCulture) }
            : throw new FormatException(line);

    /// <summary>The mutants that an error of the compiler is about: the constant that it misses, or those in the smallest piece of code around it that has any.</summary>
    public static IEnumerable<int> Guilty(string error, SyntaxNode root, int at, IReadOnlyList<Mutant> mutants)
    {
        var around = root.FindToken(at).Parent!.AncestorsAndSelf().Select(node => node.ToString());
        if (!ConstantMissing.Contains(error))
            return around.Select(text => Switched().Matches(text).Select(m => int.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture)).ToList()).FirstOrDefault(ids => ids.Count > 0) ?? [];
        var constants = mutants.Where(m => m.Operator == "constant").ToList();
        return around.Select(text => constants.Where(m => text.Contains(m.Before.Split(' ')[0], StringComparison.Ordinal)).Select(m => m.Id).ToList()).FirstOrDefault(ids => ids.Count > 0) ?? [];
    }

    /// <summary>The text of a file with these of its mutants in it, each behind its switch.</summary>
    public static string Weave(string text, IEnumerable<Mutant> mutants) =>
        Weave(text, new TextSpan(0, text.Length), [.. mutants.OrderBy(m => m.Span.Start).ThenByDescending(m => m.Span.Length).ThenBy(m => m.Id)]);

    private static string Weave(string text, TextSpan region, IReadOnlyList<Mutant> mutants)
    {
        var woven = new StringBuilder();
        var at = region.Start;
        for (var i = 0; i < mutants.Count;)
        {
            var span = mutants[i].Span;
            var here = mutants.Skip(i).TakeWhile(m => m.Span == span).ToList();
            var inside = mutants.Skip(i + here.Count).TakeWhile(m => span.Contains(m.Span)).ToList();
            woven.Append(text, at, span.Start - at).Append(here.Aggregate(Weave(text, span, inside), (inner, mutant) => mutant.Wrap(mutant.Is, inner)));
            at = span.End;
            i += here.Count + inside.Count;
        }

        return woven.Append(text, at, region.End - at).ToString();
    }

    [GeneratedRegex(@"MutantSwitch\.Is\((\d+)\)")]
    private static partial Regex Switched();
}
