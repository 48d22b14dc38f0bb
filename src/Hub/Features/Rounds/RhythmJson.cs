using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Domain.Rhythms;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Features.Rounds;

/// <summary>The rhythms as people write them.</summary>
public sealed record RhythmsDocument(IReadOnlyList<RhythmDocument> Rhythms);

/// <param name="Place">grid, community or street.</param>
/// <param name="Every">day, week, month or year.</param>
/// <param name="On">Of a week 1 (Monday) to 7; of a month its days; of a year months and days as 0101 to 1231.</param>
/// <param name="Days">every, workingDays or nextWorkingDay; every by default.</param>
/// <param name="From">HH:mm; 08:00 by default.</param>
/// <param name="Stops">Kinds of places of the register.</param>
/// <param name="Homes">visit or call: it stops at the homes that have agreed to it.</param>
/// <param name="Lists">expiring or posters: what a review goes through. It opens only where there is something.</param>
public sealed record RhythmDocument(
    string Code, string Name, string NameEn, string Procedure, string Place, string Every, IReadOnlyList<int>? On = null, SeasonDocument? Season = null, string? Days = null, string? From = null,
    IReadOnlyList<string>? Stops = null, IReadOnlyList<CheckDocument>? Checks = null, string? Lists = null, string? Homes = null);

/// <summary>Months and days as 0101 to 1231, both included.</summary>
public sealed record SeasonDocument(int From, int Until);

public sealed record CheckDocument(string Code, string Name, string NameEn);

/// <summary>Reads the rhythms, as strictly as procedures: an unknown or repeated member is refused, and what is wrong is named by its member.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false,
    ReadCommentHandling = JsonCommentHandling.Skip)]
[JsonSerializable(typeof(RhythmsDocument))]
internal sealed partial class RhythmJson : JsonSerializerContext
{
    /// <summary>Everything that is wrong with a document; none if it can be used.</summary>
    public static ImmutableArray<DocumentMistake> Read(string json, Func<string, Procedure?> procedures, Kinds kinds, out ImmutableArray<Rhythm> rhythms)
    {
        var document = JsonSerializer.Deserialize(json, Default.RhythmsDocument) ?? throw UnusableDocumentException.Of("procedure_null");
        rhythms = [];
        if (Nulls(document).FirstOrDefault() is { } member) return [new("procedure_member_null", member)];
        var mistakes = ImmutableArray.CreateBuilder<DocumentMistake>();
        rhythms = [.. document.Rhythms.Select((rhythm, i) => Read(rhythm, $"$.rhythms[{i}]", mistakes))];
        return mistakes.Count > 0 ? mistakes.ToImmutable() : [.. RhythmMistakes.Of(rhythms, procedures, kinds)];
    }

    /// <exception cref="UnusableDocumentException">It cannot be used; the first mistake is named.</exception>
    public static ImmutableArray<Rhythm> Parse(string json, Func<string, Procedure?> procedures, Kinds kinds)
    {
        try
        {
            return Read(json, procedures, kinds, out var rhythms) is [var mistake, ..] ? throw ProcedureJson.Refused(mistake) : rhythms;
        }
        catch (JsonException e)
        {
            throw UnusableDocumentException.Of(e);
        }
    }

    private static Rhythm Read(RhythmDocument rhythm, string at, ImmutableArray<DocumentMistake>.Builder mistakes)
    {
        if (rhythm.From is { } from && WallClock.TimeOf(from) is null) mistakes.Add(new("rhythm_from", $"{at}.from", from));
        return new(rhythm.Code, rhythm.Name, rhythm.NameEn, rhythm.Procedure, FieldReading.OneOf<PlaceKind>(rhythm.Place, $"{at}.place", mistakes), [.. rhythm.Stops ?? []],
            new Cycle(FieldReading.OneOf<CycleKind>(rhythm.Every, $"{at}.every", mistakes), [.. rhythm.On ?? []]))
        {
            Season = rhythm.Season is { } season ? new Season(season.From, season.Until) : null,
            Days = FieldReading.OneOf(rhythm.Days, $"{at}.days", mistakes, DayRule.Every),
            From = WallClock.TimeOf(rhythm.From ?? "08:00") ?? default,
            Lists = FieldReading.OneOf(rhythm.Lists, $"{at}.lists", mistakes, ReviewList.None),
            Homes = FieldReading.OneOf(rhythm.Homes, $"{at}.homes", mistakes, HomeContact.None),
            Checks = [.. (rhythm.Checks ?? []).Select(c => new Check(c.Code, c.Name, c.NameEn))],
        };
    }

    /// <summary>The serializer rejects a null member but not a null element.</summary>
    private static IEnumerable<string> Nulls(RhythmsDocument document) => document.Rhythms.SelectMany((rhythm, i) => rhythm is null
        ? [string.Create(CultureInfo.InvariantCulture, $"$.rhythms[{i}]")]
        : (rhythm.Stops ?? []).Select((stop, j) => (stop is null, $"stops[{j}]")).Concat((rhythm.Checks ?? []).Select((check, j) => (check is null, $"checks[{j}]")))
            .Where(e => e.Item1).Select(e => $"$.rhythms[{i}].{e.Item2}"));
}
