using System.CommandLine;

namespace DispatchCenter.Web.Kernel;

/// <summary>
/// Parses the command line: a command, or by default the server. Nothing starts by mistake: anything that is neither a command nor a setting
/// (<c>--Name=value</c> or <c>--Name value</c>) prints the usage and exits with code 2.
/// </summary>
internal static class CommandLine
{
    private const int Misused = 2;

    /// <exception cref="Hub.SettingsException">The message says how to fix it.</exception>
    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        var unknown = parsed.Errors.Select(e => e.Message).Concat(NoSettings(parsed.UnmatchedTokens)).ToList();
        if (unknown.Count == 0)
        {
            // The server finishes its pending work on a stop signal, so no time-out cuts it short.
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }

        foreach (var why in unknown) await Console.Error.WriteLineAsync(why);
        await Root().Parse("--help").InvokeAsync(new InvocationConfiguration { Output = Console.Error });
        return Misused;
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("睦邻调度中心 DispatchCenter：不带命令时启动服务；设置写作 --名=值。 Starts the server unless a command is given; write settings as --Name=value, for example --urls=http://localhost:5080.")
        {
            TreatUnmatchedTokensAsErrors = false,
        };
        root.SetAction((parsed, _) => Server.RunAsync([.. parsed.UnmatchedTokens]));
        root.Subcommands.Add(Group("import", "读入街道自己的表格。 Imports a street's own tables.",
            OfChange("street", "FOLDER", "社区、网格、驿站、队伍的表。 Communities, grids, stations and teams.", ImportCommandLine.StreetAsync),
            OfStandards("standards", "FILE", "市里的立案结案标准。 A city's table of time limits."),
            OfChange("policy", "FILE", "时限、类别与应答。 Limits, categories and required answers.", ImportCommandLine.PolicyAsync),
            Of("holidays", "FILE", "放假与调休。 Holidays and make-up days.", ImportCommandLine.HolidaysAsync),
            Of("roster", "FILE", "排班。 Shifts.", ImportCommandLine.RosterAsync),
            Of("staff", "FILE", "人员账号。 Staff accounts.", ImportCommandLine.StaffAsync),
            OfChange("register", "FILE", "名册：地方、组织、岗位。 The register: places, bodies, people in roles.", ImportCommandLine.RegisterAsync),
            Of("kinds", "FILE", "名册的类别、角色与事由。 Kinds, roles and purposes of the register.", ImportCommandLine.KindsAsync)));
        root.Subcommands.Add(Of("backup", "FILE", "备份数据库，不含密钥；服务运行时也可以。 Backs up the database, without the keys; also while the server runs.", BackupCommandLine.BackupAsync));
        root.Subcommands.Add(Of("restore", "FILE", "核对一份备份，放回还没有数据库的地方。 Verifies a backup and restores it where there is no database yet.", BackupCommandLine.RestoreAsync));
        root.Subcommands.Add(Of("restored", "用别的办法放回备份之后：再次删除已要求删除的，让打开着的页面重新读取。 Run after restoring a backup by other means: repeats erasures, and every open page starts over.", Commands.RestoredAsync));
        root.Subcommands.Add(Of("doctor", "这份配置里有什么不安全、怎么改，一条一行。 Names what is unsafe in this configuration, one line each with its mend.", DoctorCommandLine.RunAsync));
        root.Subcommands.Add(OfPhone("held", "留存了什么：一个电话号码名下的全部个人信息，JSON。 Prints what is held of a telephone number, as JSON.", PersonCommandLine.HeldAsync));
        root.Subcommands.Add(OfPhone("erase", "删除：一个电话号码名下的全部个人信息；没有办结的，办结以后删除。 Erases what is held of a telephone number; what is still open follows when it has ended.", PersonCommandLine.EraseAsync));
        root.Subcommands.Add(Group("audit", "审计链。 The audit chain.",
            Of("verify", "用本机的公钥核对数据库；用另一处记下的链尾或摘要核对，见 tools/verify-audit。 Verifies the database with this node's public key; tools/verify-audit does so with what was noted elsewhere.", Commands.VerifyAuditAsync)));
        root.Subcommands.Add(Group("keys", "加密个人信息的密钥。 The keys that encrypt personal data.",
            Of("rotate", "换一把新密钥；正在运行的节点一秒内改用，旧的数据随后逐步重新加密。 Adds a new key: running nodes use it within a second, and what is stored is encrypted again by and by.", Commands.RotateKeysAsync),
            Of("replace", "密钥文件夹泄露后、停下所有节点时使用：数据改由新密钥保护，旧密钥文件即可移走。 After a leak of the keys' folder, with all nodes stopped: protects the data by a new key, so that the older files can go.", Commands.ReplaceKeysAsync)));
        root.Subcommands.Add(Group("admin", "管理员。 Administrators.",
            Of("create", "NAME", "创建第一个管理员，密码另问。 Creates the first administrator; prompts for the password.", Commands.CreateAdminAsync),
            Of("reset-second-factor", "NAME", "去掉一个账号的二次验证，本人丢了手机和恢复码、又没有别的管理员时用。 Removes an account's second factor, where its owner has lost phone and recovery codes and there is no other administrator.", Commands.ResetSecondFactorAsync)));
        return root;
    }

    private static Command Group(string name, string description, params Command[] commands)
    {
        var group = new Command(name, description);
        foreach (var command in commands) group.Subcommands.Add(command);
        return group;
    }

    private static Command Of(string name, string argument, string description, Func<string, string[], Task<int>> run)
    {
        var what = new Argument<string>(argument);
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.Arguments.Add(what);
        command.SetAction((parsed, _) => run(parsed.GetRequiredValue(what), [.. parsed.UnmatchedTokens]));
        return command;
    }

    private static Command OfChange(string name, string argument, string description, Func<string, bool, string[], Task<int>> run)
    {
        var what = new Argument<string>(argument);
        var anyway = Anyway();
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.Arguments.Add(what);
        command.Options.Add(anyway);
        command.SetAction((parsed, _) => run(parsed.GetRequiredValue(what), parsed.GetValue(anyway), [.. parsed.UnmatchedTokens]));
        return command;
    }

    private static Command OfStandards(string name, string argument, string description)
    {
        var what = new Argument<string>(argument);
        var replace = new Option<bool>("--replace") { Description = "替换现行的整张表。 Replaces the table in force." };
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.Arguments.Add(what);
        var anyway = Anyway();
        command.Options.Add(replace);
        command.Options.Add(anyway);
        command.SetAction((parsed, _) => ImportCommandLine.StandardsAsync(parsed.GetRequiredValue(what), parsed.GetValue(replace), parsed.GetValue(anyway), [.. parsed.UnmatchedTokens]));
        return command;
    }

    private static Option<bool> Anyway() => new("--anyway") { Description = "即使有人、事、班次或渠道会失去依托。 Even if people, cases, shifts or channels would be left hanging." };

    private static Command OfPhone(string name, string description, Func<string, string[], Task<int>> run)
    {
        var phone = new Option<string>("--phone") { Required = true, Description = "电话号码。 The telephone number." };
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.Options.Add(phone);
        command.SetAction((parsed, _) => run(parsed.GetRequiredValue(phone), [.. parsed.UnmatchedTokens]));
        return command;
    }

    private static Command Of(string name, string description, Func<string[], Task<int>> run)
    {
        var command = new Command(name, description) { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((parsed, _) => run([.. parsed.UnmatchedTokens]));
        return command;
    }

    /// <summary>Reports each word that is neither a setting nor a setting's value.</summary>
    private static IEnumerable<string> NoSettings(IReadOnlyList<string> words)
    {
        for (var i = 0; i < words.Count; i++)
        {
            var isSetting = words[i].StartsWith("--", StringComparison.Ordinal) && words[i].Length > 2;
            if (isSetting && words[i].Contains('=', StringComparison.Ordinal)) continue;
            if (isSetting && i + 1 < words.Count && !words[i + 1].StartsWith("--", StringComparison.Ordinal)) i++;
            else yield return isSetting ? $"{words[i]} 没有值。 {words[i]} has no value." : $"不认识 {words[i]}。 Unknown: {words[i]}.";
        }
    }
}
