using System.Text;
using System.Text.Json;
using DispatchCenter.Contracts;
using DispatchCenter.Hub.Kernel;
using DispatchCenter.Hub.Kernel.Audit;
using DispatchCenter.Hub.Kernel.Storage;
using DispatchCenter.Hub.Ledger;
using DispatchCenter.Hub.Street;

namespace DispatchCenter.Web.Kernel;

/// <summary>What an operator can do for somebody who asks about themselves, while no server runs on the same file. Sees every case and every entry of the register, and is recorded as the program itself.</summary>
internal static class PersonCommandLine
{
    private const string Purpose = "command line";

    /// <summary>Prints what is held as JSON; exit code 1 for what cannot be a telephone number.</summary>
    public static Task<int> HeldAsync(string phone, string[] settings) => WithAsync(phone, settings, async (_, held, numbers, register, number) =>
    {
        var entries = await register.OfPhoneAsync(number, CancellationToken.None);
        var read = await register.ReadAsync([.. entries.Take(HeldEntries.Most)], Acts.BySystem, string.Empty, Purpose, CancellationToken.None);
        var elsewhere = await register.ElsewhereAsync(number, CancellationToken.None);
        var view = await held.OfAsync(numbers, Acts.BySystem, string.Empty, Purpose, CancellationToken.None);
        Console.WriteLine(JsonSerializer.Serialize(view with { More = view.More || entries.Count > read.Count, Entries = read.Count > 0 ? read : null, Elsewhere = elsewhere.Count > 0 ? elsewhere : null }, Problems.Json.HeldView));
    });

    public static Task<int> EraseAsync(string phone, string[] settings) => WithAsync(phone, settings, async (database, _, numbers, register, number) =>
    {
        var entries = await register.OfPhoneAsync(number, CancellationToken.None);
        var erasing = Commands.Erasing(database);
        var gone = await erasing.EraseEntriesAsync([.. entries.Take(HeldEntries.Most).Where(e => e.IsTheirs).Select(e => e.Entry.Code)], Acts.BySystem, ErasureRow.Reasons[0], CancellationToken.None);
        var (erased, waiting) = await erasing.AskAsync(numbers, Acts.BySystem, ErasureRow.Reasons[0], CancellationToken.None);
        Console.WriteLine($"erased {erased.Count}, waiting {waiting.Count}, entries {gone.Count}");
        foreach (var no in waiting) Console.WriteLine($"! {no} 没有办结，办结以后删除。 Still open: erased when it has ended.");
        foreach (var entry in entries.Where(e => !e.IsTheirs)) Console.WriteLine($"! {entry.Entry.Code} 是单位的，或是别人的条目里提到这个号码，没有删除；请在名册里改。 An organisation's, or somebody else's that names the number: it stays. Change it in the register.");
        foreach (var other in await register.ElsewhereAsync(number, CancellationToken.None)) Console.WriteLine($"! {other.Kind} {other.Code} 里还有这个号码，请到那里改。 The number stands there too: change it there.");
        if (numbers.Count > HeldQueries.MostCases || entries.Count > HeldEntries.Most) Console.WriteLine("! 还有更多，请再执行一次。 There are more: run it again.");
    });

    private static async Task<int> WithAsync(string said, string[] settings, Func<Database, HeldQueries, List<string>, HeldEntries, string, Task> use)
    {
        if (Phones.OfPerson(said) is not { Number: var phone })
        {
            var wrong = Outcome.Of("phone_invalid");
            await Console.Error.WriteLineAsync($"{wrong.Code} {wrong.Message} {wrong.MessageEn}");
            return 1;
        }

        using var database = await Commands.OpenAsync(settings);
        using var roster = new Roster(database, TimeProvider.System);
        await roster.LoadAsync(CancellationToken.None);
        var held = new HeldQueries(database, roster, TimeProvider.System);
        var policies = new PolicyBook(database, TimeProvider.System);
        await policies.LoadAsync(CancellationToken.None);
        var register = new HeldEntries(database, await ImportCommandLine.RegisterOfAsync(database), policies, roster, TimeProvider.System);
        await use(database, held, await held.NumbersOfAsync(phone, CancellationToken.None), register, phone);
        return 0;
    }
}
