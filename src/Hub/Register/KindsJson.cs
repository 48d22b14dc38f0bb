using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Hub.Register;

/// <summary>The kinds of the register as people write them.</summary>
public sealed record KindsDocument(IReadOnlyList<KindDocument> Kinds, IReadOnlyList<RoleDocument> Roles, IReadOnlyList<PurposeDocument>? Purposes = null);

/// <param name="Family">place, body or holding.</param>
/// <param name="In">street, community, grid, or kinds of the family of places.</param>
/// <param name="Listed">Everybody may read its entries, as far as their fields are public.</param>
/// <param name="Photo">An entry can have a photo of whoever it is about.</param>
/// <param name="Reports">Whoever is written down in one can be given a personal link to report by.</param>
public sealed record KindDocument(
    string Code, string Name, string NameEn, string Family, IReadOnlyList<string> In, IReadOnlyList<FieldDocument>? Fields = null, string? Role = null, string? Calls = null, string? Expires = null, bool Listed = false, bool Photo = false, bool Reports = false);

/// <param name="OncePer">street, community or grid: each has exactly one holder of its own.</param>
public sealed record RoleDocument(string Code, string Name, string NameEn, string? OncePer = null);

/// <param name="By">Kinds of post.</param>
/// <param name="NeedsCase">It has to name the case or matter that it is for.</param>
/// <param name="NeedsVisit">Only whoever owes the home a visit or a call now may state it.</param>
/// <param name="GivesLink">Who states it may give the household a link to its own entry.</param>
public sealed record PurposeDocument(string Code, string Name, string NameEn, IReadOnlyList<string> Fields, IReadOnlyList<string> By, bool NeedsCase = false, bool GivesLink = false, bool NeedsVisit = false);

/// <summary>Reads the kinds, as strictly as procedures: an unknown or repeated member is refused, and what is wrong is named by its member.</summary>
[JsonSourceGenerationOptions(
    JsonSerializerDefaults.Web, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true, AllowDuplicateProperties = false)]
[JsonSerializable(typeof(KindsDocument))]
internal sealed partial class KindsJson : JsonSerializerContext
{
    /// <exception cref="UnusableDocumentException">It cannot be used; the first mistake is named.</exception>
    public static Kinds Parse(string json, int version)
    {
        KindsDocument document;
        try
        {
            document = JsonSerializer.Deserialize(json, Default.KindsDocument) ?? throw UnusableDocumentException.Of("register_null");
        }
        catch (JsonException e)
        {
            throw UnusableDocumentException.Of(e);
        }

        if (Nulls(document).FirstOrDefault() is { } member) throw UnusableDocumentException.Of("procedure_member_null", member);
        var mistakes = ImmutableArray.CreateBuilder<DocumentMistake>();
        var kinds = new Kinds
        {
            Version = version,
            All = [.. document.Kinds.Select((kind, i) => Read(kind, $"$.kinds[{i}]", mistakes))],
            Roles = [.. document.Roles.Select(role => new RegisterRole(role.Code, role.Name, role.NameEn, role.OncePer))],
            Purposes = [.. (document.Purposes ?? []).Select((purpose, i) => new Purpose(purpose.Code, purpose.Name, purpose.NameEn, [.. purpose.Fields],
                [.. purpose.By.Select((by, j) => FieldReading.OneOf<PostKind>(by, $"$.purposes[{i}].by[{j}]", mistakes))]) { NeedsCase = purpose.NeedsCase, GivesLink = purpose.GivesLink, NeedsVisit = purpose.NeedsVisit })],
        };
        return mistakes.Concat(mistakes.Count == 0 ? kinds.Mistakes() : []).FirstOrDefault() is { } mistake ? throw ProcedureJson.Refused(mistake) : kinds;
    }

    private static EntryKind Read(KindDocument kind, string at, ImmutableArray<DocumentMistake>.Builder mistakes) =>
        new(kind.Code, kind.Name, kind.NameEn, FieldReading.OneOf<Family>(kind.Family, $"{at}.family", mistakes), [.. kind.In],
            [.. (kind.Fields ?? []).Select((field, i) => FieldReading.Read(field, $"{at}.fields[{i}]", mistakes))])
        {
            Role = kind.Role, Calls = kind.Calls, Expires = kind.Expires, IsListed = kind.Listed, HasPhoto = kind.Photo, Reports = kind.Reports,
        };

    /// <summary>The serializer rejects a null member but not a null element.</summary>
    private static IEnumerable<string> Nulls(KindsDocument document) =>
    [
        .. In("$.kinds", document.Kinds), .. In("$.roles", document.Roles), .. In("$.purposes", document.Purposes),
        .. document.Kinds.SelectMany((kind, i) => kind is null ? [] : In($"$.kinds[{i}].in", kind.In).Concat(In($"$.kinds[{i}].fields", kind.Fields))
            .Concat((kind.Fields ?? []).SelectMany((field, j) => field is null ? [] : In($"$.kinds[{i}].fields[{j}].choices", field.Choices)))),
        .. (document.Purposes ?? []).SelectMany((purpose, i) => purpose is null ? [] : In($"$.purposes[{i}].fields", purpose.Fields).Concat(In($"$.purposes[{i}].by", purpose.By))),
    ];

    private static IEnumerable<string> In<T>(string at, IReadOnlyList<T>? list) => (list ?? []).Select((element, i) => (element, Member: $"{at}[{i}]")).Where(e => e.element is null).Select(e => e.Member);
}
