using System.Collections.Immutable;
using System.Globalization;
using DispatchCenter.Domain.Duty;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Sla;
using DispatchCenter.Hub.Kernel;

namespace DispatchCenter.Hub.Street;

/// <summary>Makes a procedure of a document and notes what it cannot read. Used once.</summary>
internal sealed class ProcedureReading(WorkHours hours)
{
    private readonly ImmutableArray<DocumentMistake>.Builder _mistakes = ImmutableArray.CreateBuilder<DocumentMistake>();

    /// <summary>What could not be read. If there is any, the procedure is of no use.</summary>
    public ImmutableArray<DocumentMistake> Mistakes => _mistakes.ToImmutable();

    public Procedure Read(ProcedureDocument document, int version) => new(document.Code, version, document.Name, document.NameEn)
    {
        About = document.About ?? string.Empty,
        AboutEn = document.AboutEn ?? string.Empty,
        Place = OneOf<PlaceKind>(document.Place, "$.place"),
        Visibility = OneOf(document.Visibility, "$.visibility", Visibility.Staff),
        Starters = [.. document.Starters.Select((kind, i) => OneOf<PostKind>(kind, $"$.starters[{i}]"))],
        HasCaller = document.Caller,
        Opening = document.Opening,
        Promise = document.Promise is { } promise && Span(promise.Limit, "$.promise.limit") is { } limit ? new Promise(limit, promise.Until) { On = [.. promise.On ?? []] } : null,
        Cancelled = document.Cancelled,
        Forms = [.. (document.Forms ?? []).Select((form, i) => new Form(form.Key, [.. form.Fields.Select((field, j) => FieldReading.Read(field, $"$.forms[{i}].fields[{j}]", _mistakes))]))],
        Stages = [.. document.Stages.Select((stage, i) => Read(stage, $"$.stages[{i}]"))],
    };

    private Stage Read(ProcedureStageDocument stage, string at) => new(stage.Key, stage.Name, stage.NameEn)
    {
        Gate = GateOf(stage, at),
        Asks = [.. (stage.Asks ?? []).Select((ask, i) => Read(ask, $"{at}.asks[{i}]"))],
        Limit = stage.Limit is { } limit ? Span(limit, $"{at}.limit") : null,
        Next = stage.Next.ToImmutableSortedDictionary(path => path.Key, path => new Domain.Matters.Path(path.Value.To, path.Value.Name, path.Value.NameEn), StringComparer.Ordinal),
        Order = [.. stage.Next.Keys],
        Visibility = stage.Visibility is { } visibility ? OneOf<Visibility>(visibility, $"{at}.visibility") : null,
        AwaitsChildren = stage.AwaitsChildren,
        Until = stage.Until is { } until ? Span(until, $"{at}.until") : null,
        Rings = stage.Rings,
    };

    private Ask Read(AskDocument ask, string at) => new(ask.Key, ask.Name, ask.NameEn)
    {
        Roles = [.. ask.Roles.Select((role, i) => RoleOf(role, $"{at}.roles[{i}]")).OfType<Role>()],
        At = ask.At is { } place ? OneOf<PlaceKind>(place, $"{at}.at") : null,
        EachPost = ask.EachPost,
        Need = NeedOf(ask.Need, $"{at}.need"),
        Form = ask.Form,
        Collects = ask.Collects,
        PerItemOf = ask.PerItemOf,
        Barred = [.. ask.Barred ?? []],
    };

    private Gate GateOf(ProcedureStageDocument stage, string at)
    {
        if (stage.Gate is "vote")
        {
            if (stage.Quorum is null) _mistakes.Add(new("procedure_quorum", $"{at}.quorum"));
            return new Gate.Vote(stage.Quorum ?? 1, OneOf(stage.Majority, $"{at}.majority", Majority.Simple));
        }

        if (stage.Quorum is not null) _mistakes.Add(new("procedure_vote_only", $"{at}.quorum"));
        if (stage.Majority is not null) _mistakes.Add(new("procedure_vote_only", $"{at}.majority"));
        if (stage.Gate is not (null or "done" or "sign")) _mistakes.Add(new("procedure_one_of", $"{at}.gate", stage.Gate, "done, vote, sign"));
        return stage.Gate is "sign" ? new Gate.Sign() : new Gate.Done();
    }

    private Role? RoleOf(string text, string member)
    {
        Role? role = text switch
        {
            "starter" => new Role.Starter(),
            "caller" => new Role.Caller(),
            "chosen" => new Role.Chosen(),
            _ when text.StartsWith("party:", StringComparison.Ordinal) => new Role.OfParty(text[6..]),
            _ when text.StartsWith("who:", StringComparison.Ordinal) => new Role.WhoDid(text[4..]),
            _ when Names.Parse<PostKind>(text) is { } kind => new Role.OfKind(kind),
            _ => null,
        };
        if (role is null) _mistakes.Add(new("procedure_one_of", member, text, $"{FieldReading.AllOf<PostKind>()}, party:…, who:…, starter, caller, chosen"));
        return role;
    }

    private Need NeedOf(string? text, string member)
    {
        if (text is null or "one") return Need.One;
        if (text == "all") return Need.All;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return new Need(count);
        _mistakes.Add(new("procedure_one_of", member, text, "one, all, 2, 3, …"));
        return Need.One;
    }

    private Span? Span(string text, string member)
    {
        var span = PolicyJson.FindSpan(text, hours);
        if (span is null) _mistakes.Add(new("procedure_span", member, text));
        return span;
    }

    private TEnum OneOf<TEnum>(string? text, string member, TEnum usual = default) where TEnum : struct, Enum => FieldReading.OneOf(text, member, _mistakes, usual);
}
