using System.Collections.Immutable;
using System.Globalization;
using DispatchCenter.Domain.Matters;
using DispatchCenter.Domain.Register;

namespace DispatchCenter.Domain.Rhythms;

/// <summary>What is wrong with a document of rhythms, each mistake named by its member.</summary>
public static class RhythmMistakes
{
    public const int MaxRhythms = 100, MaxChecks = 30;

    /// <param name="procedures">Finds the latest version of a procedure.</param>
    public static IEnumerable<DocumentMistake> Of(ImmutableArray<Rhythm> rhythms, Func<string, Procedure?> procedures, Kinds kinds)
    {
        if (rhythms.Length > MaxRhythms) yield return new("rhythm_too_many", "$.rhythms", Number(MaxRhythms));
        for (var i = 0; i < rhythms.Length; i++)
        {
            var (rhythm, at) = (rhythms[i], $"$.rhythms[{i}]");
            if (!IsCode(rhythm.Code)) yield return new("rhythm_code", $"{at}.code", rhythm.Code);
            if (rhythms.Take(i).Any(r => r.Code == rhythm.Code)) yield return new("rhythm_twice", $"{at}.code", rhythm.Code);
            if (string.IsNullOrWhiteSpace(rhythm.Name)) yield return new("rhythm_name", $"{at}.name");
            if (string.IsNullOrWhiteSpace(rhythm.NameEn)) yield return new("rhythm_name", $"{at}.nameEn");
            foreach (var mistake in OfProcedure(rhythm, procedures(rhythm.Procedure), at)) yield return mistake;
            for (var j = 0; j < rhythm.Stops.Length; j++)
                if (kinds.Find(rhythm.Stops[j]) is not { Family: Family.Place }) yield return new("rhythm_stop", $"{at}.stops[{j}]", rhythm.Stops[j]);
            foreach (var mistake in OfCycle(rhythm.Cycle, $"{at}.on")) yield return mistake;
            if (rhythm.Season is { } season && (!IsDay(season.From) || !IsDay(season.Until))) yield return new("rhythm_season", $"{at}.season");
            if (rhythm.Checks.Length > MaxChecks) yield return new("rhythm_too_many", $"{at}.checks", Number(MaxChecks));
            if (rhythm.Checks.Length > 0 && rhythm is { Stops.IsEmpty: true, Homes: HomeContact.None }) yield return new("rhythm_checks", $"{at}.checks");
            for (var j = 0; j < rhythm.Checks.Length; j++)
            {
                var check = rhythm.Checks[j];
                if (!IsCode(check.Code) || rhythm.Checks.Take(j).Any(c => c.Code == check.Code)) yield return new("rhythm_code", $"{at}.checks[{j}].code", check.Code);
                if (string.IsNullOrWhiteSpace(check.Name) || string.IsNullOrWhiteSpace(check.NameEn)) yield return new("rhythm_name", $"{at}.checks[{j}].name");
            }
        }
    }

    private static IEnumerable<DocumentMistake> OfProcedure(Rhythm rhythm, Procedure? procedure, string at)
    {
        if (procedure is null) yield return new("rhythm_procedure", $"{at}.procedure", rhythm.Procedure);
        else if (procedure.Place != rhythm.Place || procedure.HasCaller) yield return new("rhythm_procedure_place", $"{at}.procedure", rhythm.Procedure);
        else if (rhythm.Homes != HomeContact.None && (rhythm.Stops.Length > 0 || rhythm.Lists != ReviewList.None)) yield return new("rhythm_homes", $"{at}.homes");
        else if (rhythm.Homes != HomeContact.None && procedure.FindForm(Rhythm.StopForm) is null) yield return new("rhythm_stop_form", $"{at}.homes", rhythm.Procedure);
        else if (rhythm.Stops.Length > 0 && procedure.FindForm(Rhythm.StopForm) is null) yield return new("rhythm_stop_form", $"{at}.stops", rhythm.Procedure);
        else if (rhythm is { Stops.IsEmpty: true, Homes: HomeContact.None } && procedure.FindForm(Rhythm.StopForm) is not null) yield return new("rhythm_no_stops", $"{at}.stops", rhythm.Procedure);
        else if (rhythm.Lists != ReviewList.None && rhythm.Stops.Length > 0) yield return new("rhythm_list_stops", $"{at}.lists");
        else if (rhythm.Lists != ReviewList.None && procedure.FindForm(procedure.Opening)?.Fields.Any(f => f is { Key: Rhythm.ListField, Kind: FieldKind.LongText }) is not true) yield return new("rhythm_list_field", $"{at}.lists", rhythm.Procedure);
        else if (procedure.FindForm(procedure.Opening) is { } opening && opening.Fields.Any(f => f.Required)) yield return new("rhythm_opening", $"{at}.procedure", rhythm.Procedure);
        if (rhythm.Place == PlaceKind.Street && (rhythm.Stops.Length > 0 || rhythm.Homes != HomeContact.None)) yield return new("rhythm_street", $"{at}.{(rhythm.Stops.Length > 0 ? "stops" : "homes")}");
    }

    private static IEnumerable<DocumentMistake> OfCycle(Cycle cycle, string at)
    {
        if (cycle.Kind == CycleKind.Day ? cycle.On.Length > 0 : cycle.On.IsEmpty) yield return new("rhythm_on", at);
        foreach (var on in cycle.On)
        {
            var isDay = cycle.Kind switch { CycleKind.Week => on is >= 1 and <= 7, CycleKind.Month => on is >= 1 and <= 31, CycleKind.Year => IsDay(on), _ => true };
            if (!isDay || cycle.On.Count(other => other == on) > 1) yield return new("rhythm_day", at, Number(on));
        }
    }

    /// <summary>Month and day of any year.</summary>
    private static bool IsDay(int at) => at / 100 is >= 1 and <= 12 && at % 100 is >= 1 && at % 100 <= DateTime.DaysInMonth(2000, at / 100);

    private static bool IsCode(string text) => text.Length is >= 1 and <= Rhythm.MaxCode && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
